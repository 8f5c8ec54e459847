import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OfficialAccount } from 'weixin-kit/mp'
import { jsSdkText } from '../../src/mp/jssdk/js-sdk-signature.ts'
import { fcParameters } from '../support/fc-parameters.ts'

interface Vector {
  id: string
  input: { jsapiTicket: string; nonceStr: string; timestamp: number; url: string }
  expected: { stringToSign: string; signature: string }
}
const file = new URL('./jssdk-signature.json', import.meta.url)
const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { vectors: Vector[] }
const { jssdk } = new OfficialAccount({ appId: 'wx0123456789abcdef', appSecret: 'not-a-real-secret' })

describe('jssdk-signature', () => {
  it.each(vectors.map((vector) => [vector.id, vector] as const))('%s', (_, { input, expected }) => {
    const params = { ticket: input.jsapiTicket, nonceStr: input.nonceStr, timestamp: input.timestamp, url: input.url }
    expect(jsSdkText(params)).toBe(expected.stringToSign)
    expect(jssdk.sign(params)).toBe(expected.signature)
  })

  it('equals the document by hand, whatever the values', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), fc.nat(), fc.webUrl({ withFragments: true, withQueryParameters: true }), (ticket, nonceStr, timestamp, url) => {
        const [page] = url.split('#')
        const text = `jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${page}`
        const byHand = createHash('sha1').update(text, 'utf8').digest('hex')
        expect(jssdk.sign({ ticket, nonceStr, timestamp, url })).toBe(byHand)
      }),
      fcParameters(500)
    )
  })
})
