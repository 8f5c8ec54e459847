import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isWeixinKitError } from 'weixin-kit'
import { readBody } from '../../../src/core/read-body.ts'
import { fcParameters } from '../../support/fc-parameters.ts'

function streamed(chunks: readonly Uint8Array[], headers: Record<string, string> = {}, failAfter?: number) {
  let next = 0
  const seen = { pulled: 0 }
  const body = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        if (next === failAfter) return controller.error(new Error('cut'))
        const chunk = chunks[next++]
        if (!chunk) return controller.close()
        seen.pulled += chunk.byteLength
        controller.enqueue(chunk)
      }
    },
    { highWaterMark: 0 }
  )
  const init = { method: 'POST', headers, body, duplex: 'half' } as RequestInit
  return { request: new Request('http://localhost/', init), seen }
}

describe('readBody', () => {
  it('fuzz: gives exactly the bytes that came, or a typed error; never reads far beyond the cap', {
    timeout: 600_000
  }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 64 }), { maxLength: 20 }),
        fc.integer({ min: 0, max: 400 }),
        fc.option(fc.nat(20), { nil: undefined }),
        fc.option(fc.oneof(fc.nat(2000).map(String), fc.string({ unit: 'grapheme-ascii' })), { nil: undefined }),
        async (chunks, limit, failAfter, contentLength) => {
          const whole = Buffer.concat(chunks)
          const headers: Record<string, string> = {}
          // A header value as a client may send it: what Headers refuses can never arrive.
          if (contentLength !== undefined && /^[\x21-\x7e]*$/.test(contentLength))
            headers['content-length'] = contentLength
          const { request, seen } = streamed(chunks, headers, failAfter)
          try {
            const bytes = await readBody(request, limit)
            expect(Buffer.from(bytes).equals(whole)).toBe(true)
            expect(bytes.byteLength).toBeLessThanOrEqual(limit)
          } catch (error) {
            if (!isWeixinKitError(error)) throw error
            expect(['ERR_BODY_TOO_LARGE', 'ERR_BODY_MALFORMED']).toContain(error.code)
            expect(seen.pulled).toBeLessThanOrEqual(limit + 64)
          }
        }
      ),
      fcParameters(300)
    )
  })

  it('says when the body was read before', async () => {
    const request = new Request('http://localhost/', { method: 'POST', body: 'x' })
    await request.text()
    await expect(readBody(request)).rejects.toMatchObject({ code: 'ERR_BODY_ALREADY_PARSED' })
  })

  it('answers no bytes for a request without a body', async () => {
    expect(await readBody(new Request('http://localhost/'))).toHaveLength(0)
  })
})
