import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  browserChallenge,
  failbackValidate,
  type GeetestDigest,
  seccodeAnswer,
  validateOf
} from '../../src/simulator/crypto/geetest.ts'
import { decodeEntry, etag, signQBox, signText, signV2, urlSafe } from '../../src/simulator/crypto/qiniu.ts'
import { formDecode, signReply } from '../../src/simulator/crypto/yunpian.ts'

interface Vector {
  readonly id: string
  readonly input: Readonly<Record<string, string>> & { readonly headers?: Record<string, string> }
  readonly expected: Readonly<Record<string, string>> & { readonly item?: Record<string, string> }
}

function load(name: string, kind: string): Vector[] {
  const file = readFileSync(new URL(`./${name}.json`, import.meta.url), 'utf8')
  const found = (JSON.parse(file) as { vectors: Vector[] }).vectors.filter(({ input }) => input.kind === kind)
  if (found.length === 0) throw new Error(`no vectors of kind ${kind}`)
  return found
}

describe('qiniu', () => {
  it.each(load('qiniu', 'uploadToken'))('$id', ({ input, expected }) => {
    const encoded = urlSafe(input.policyJson ?? '')
    expect(encoded).toBe(expected.encodedPolicy)
    expect(`${input.accessKey}:${signText(input.secretKey ?? '', encoded)}:${encoded}`).toBe(expected.token)
  })

  it.each(load('qiniu', 'privateUrl'))('$id', ({ input, expected }) => {
    const base = input.baseUrl ?? ''
    const url = `${base}${base.includes('?') ? '&' : '?'}e=${input.deadline}`
    expect(`${url}&token=${input.accessKey}:${signText(input.secretKey ?? '', url)}`).toBe(expected.url)
  })

  it.each([...load('qiniu', 'qbox'), ...load('qiniu', 'qiniu')])('$id', ({ input, expected }) => {
    const call = {
      method: input.method ?? 'POST',
      host: input.host ?? '',
      target: input.pathWithQuery ?? '',
      contentType: input.contentType ?? undefined,
      headers: Object.entries(input.headers ?? {}),
      body: Buffer.from(input.body ?? '')
    }
    const [scheme, sign] = input.kind === 'qbox' ? ['QBox', signQBox] : ['Qiniu', signV2]
    expect(`${scheme} ${input.accessKey}:${(sign as typeof signV2)(input.secretKey ?? '', call)}`).toBe(
      expected.authorization
    )
  })

  it.each(load('qiniu', 'encodedEntry'))('$id', ({ input, expected }) => {
    expect(decodeEntry(expected.encoded ?? '')).toEqual({ bucket: input.bucket, key: input.key ?? undefined })
  })

  it.each(load('qiniu', 'etag'))('$id', ({ input, expected }) => {
    const length = Number(input.length)
    const data = Buffer.from((input.pattern ?? '').repeat(length)).subarray(0, length)
    expect(etag(data)).toBe(expected.etag)
  })
})

describe('yunpian', () => {
  it.each(load('yunpian', 'replyPush'))('$id', ({ input, expected }) => {
    expect(signReply(input.apikey ?? '', expected.item ?? {})).toBe(expected.sign)
  })

  it.each(load('yunpian', 'multiText'))('$id', ({ input, expected }) => {
    expect((expected.text ?? '').split(',').map(formDecode)).toEqual(input.texts)
  })
})

describe('geetest', () => {
  it.each(load('geetest', 'challenge'))('$id', ({ input, expected }) => {
    const challenge = browserChallenge(
      input.digestmod as GeetestDigest,
      input.originChallenge ?? '',
      input.privateKey ?? ''
    )
    expect(challenge).toBe(expected.challenge)
  })

  it.each(load('geetest', 'localValidate'))('$id', ({ input, expected }) => {
    expect(validateOf(input.privateKey ?? '', input.challenge ?? '')).toBe(expected.validate)
  })

  it.each(load('geetest', 'seccode'))('$id', ({ input, expected }) => {
    expect(seccodeAnswer(input.seccode ?? '')).toBe(expected.responseSeccode)
  })

  it.each(load('geetest', 'failback'))('$id', ({ input, expected }) => {
    expect(failbackValidate(input.challenge ?? '')).toBe(expected.validate)
  })
})
