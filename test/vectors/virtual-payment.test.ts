import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { paySignature, sessionSignature } from '../../src/miniapp/virtual-payment/virtual-payment-signature.ts'

interface Vector {
  id: string
  input: { kind: string; uri: string; body?: string; signData?: string; appKey?: string; sessionKey?: string }
  expected: { paySig?: string; signature?: string; valid?: boolean }
}
const { vectors } = JSON.parse(readFileSync(new URL('./virtual-payment.json', import.meta.url), 'utf8')) as {
  vectors: Vector[]
}

describe('virtual payment: official and derived vectors', () => {
  it.each(vectors.map((vector) => [vector.id, vector] as const))('%s', (_, { input, expected }) => {
    const body = input.body ?? input.signData ?? ''
    expect(expected.paySig ?? expected.signature).toBeDefined()
    if (expected.paySig !== undefined) expect(paySignature(input.uri, body, input.appKey ?? '')).toBe(expected.paySig)
    if (expected.signature !== undefined) expect(sessionSignature(body, input.sessionKey ?? '')).toBe(expected.signature)
  })
})
