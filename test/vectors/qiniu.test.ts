import { describe, expect, it } from 'vitest'
import { encodedEntry, objectHash, type PutPolicy, Qiniu } from 'weixin-kit/qiniu'
import file from './qiniu.json' with { type: 'json' }

interface Input {
  kind: string
  accessKey: string
  secretKey: string
  policyJson: string
  baseUrl: string
  deadline: number
  pathWithQuery: string
  method?: string
  host?: string
  contentType: string | null
  headers?: Record<string, string>
  body: string
  bucket: string
  key: string | null
  pattern: string
  length: number
}

const client = ({ accessKey, secretKey }: Input) =>
  new Qiniu({ accessKey, secretKey, bucket: 'my-bucket', clock: () => 1_400_000_000_000 })

const check: Record<string, (input: Input, expected: Record<string, unknown>) => void> = {
  uploadToken: (input, expected) => {
    const { scope, deadline, ...rest } = JSON.parse(input.policyJson) as PutPolicy
    const token = client(input).uploadToken({ scope, deadline, ...rest } as PutPolicy)
    expect(token).toBe(expected.token)
    expect(token.split(':')[2]).toBe(expected.encodedPolicy)
  },
  privateUrl: (input, expected) => {
    const url = client(input).privateUrl(new URL(input.baseUrl), { deadline: input.deadline })
    expect(url.href).toBe(expected.url)
    expect(url.href).toContain(`&token=${expected.token}`)
  },
  qbox: (input, expected) => {
    const authorization = client(input).managementAuthorization({
      scheme: 'QBox',
      method: 'POST',
      url: `https://any.example${input.pathWithQuery}`,
      ...(input.contentType === null ? {} : { contentType: input.contentType }),
      body: input.body
    })
    expect(authorization).toBe(expected.authorization)
    const { contentType } = input
    const callback = { method: 'POST', host: 'any.example', target: input.pathWithQuery, body: input.body, authorization }
    expect(client(input).verifyCallback({ ...callback, contentType: contentType ?? undefined })).toBe('QBox')
  },
  qiniu: (input, expected) => {
    const { method = 'GET', host = '', pathWithQuery, headers = {}, body } = input
    const contentType = input.contentType ?? 'application/x-www-form-urlencoded'
    const url = `https://${host}${pathWithQuery}`
    expect(client(input).managementAuthorization({ method, url, contentType, headers, body })).toBe(
      expected.authorization
    )
    const request = { method, host, target: pathWithQuery, contentType, headers: Object.entries(headers), body }
    const verify = () => client(input).verifyCallback({ ...request, authorization: String(expected.authorization) })
    // A signature that leaves the body out proves nothing about it.
    if (contentType === 'application/octet-stream') expect(verify).toThrow(/does not cover/)
    else expect(verify()).toBe('Qiniu')
  },
  encodedEntry: (input, expected) =>
    expect(encodedEntry(input.bucket, input.key ?? undefined)).toBe(expected.encoded),
  etag: (input, expected) => {
    const text = input.pattern.repeat(Math.ceil(input.length / input.pattern.length)).slice(0, input.length)
    expect(objectHash(new TextEncoder().encode(text))).toBe(expected.etag)
  }
}

describe('qiniu.json', () => {
  it.each(file.vectors)('$id', ({ input, expected }) => {
    const run = check[input.kind] ?? expect.fail(`unknown kind ${input.kind}`)
    run(input as unknown as Input, expected)
  })
})
