import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keepOptions, keepParams } from '../../../src/core/late/keep-params.ts'
import { fcParameters } from '../../support/fc-parameters.ts'

class Refund {
  out_refund_no = 'R1'
  amount = { refund: 1 }
  described() {
    return this.out_refund_no
  }
}

describe('keepParams', () => {
  it('is what was given, to the letter', () => {
    fc.assert(
      fc.property(fc.jsonValue({ depthSize: 'medium' }), (value) => {
        expect(JSON.stringify(keepParams(value))).toBe(JSON.stringify(value))
      }),
      fcParameters(200)
    )
  })

  it('is not reached by later changes, at any depth', () => {
    const params = { list: [{ at: new Date(0), url: new URL('https://a.example/') }], bytes: Uint8Array.of(1, 2) }
    const kept = keepParams(params)
    params.list[0]?.at.setTime(1)
    if (params.list[0]) params.list[0].url.pathname = '/b'
    params.list.push({ at: new Date(2), url: new URL('https://c.example/') })
    params.bytes.fill(9)
    expect(kept).toEqual({
      list: [{ at: new Date(0), url: new URL('https://a.example/') }],
      bytes: Uint8Array.of(1, 2)
    })
  })

  it('takes the fields of an object of a class', () => {
    const params = new Refund()
    const kept = keepParams(params)
    params.out_refund_no = 'R2'
    params.amount.refund = 2
    expect({ ...kept }).toEqual({ out_refund_no: 'R1', amount: { refund: 1 } })
    expect(kept.described()).toBe('R1')
  })

  it('leaves nothing out: what is inherited, hidden from a loop or missing in a list', () => {
    const inherited = Object.create({ path: '/v3/x' })
    Object.defineProperty(inherited, 'method', { value: 'GET' })
    expect(keepParams(inherited)).toMatchObject({ path: '/v3/x', method: 'GET' })
    expect(Object.keys(keepParams(inherited))).toEqual([])
    expect(JSON.stringify(keepParams({ list: new Array(3) }))).toBe('{"list":[null,null,null]}')
  })

  it('leaves alone what a copy could not stand for', () => {
    class Request {
      #path = '/v3/x'
      get path() {
        return this.#path
      }
    }
    class LocalDate extends Date {
      override toJSON() {
        return 'local'
      }
    }
    const wrongDate = Object.create(Date.prototype)
    for (const value of [new Request(), new LocalDate(0), wrongDate, new Proxy(new Date(0), {})])
      expect(keepParams(value)).toBe(value)
  })

  it('leaves it to the call to meet what throws', () => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    const throwing = Object.defineProperty({}, 'amount', {
      enumerable: true,
      get: () => {
        throw new RangeError('own getter')
      }
    })
    const nested = { nested: proxy }
    for (const value of [proxy, throwing, nested]) expect(keepParams(value) === value).toBe(true)
    for (const value of [proxy, throwing]) expect(keepOptions(value) === value).toBe(true)
  })

  it('leaves alone what is more than its fields', () => {
    const { signal } = new AbortController()
    for (const value of [
      new Headers(),
      new Map(),
      signal,
      new String('x'),
      { toJSON: () => 'x' },
      { get: () => 'x' }
    ]) {
      expect(keepParams({ value }).value).toBe(value)
    }
  })

  it('leaves alone what reads itself: streams of bytes, texts and numbers of a class', () => {
    class Pieces {
      #count = 2
      async *[Symbol.asyncIterator]() {
        yield this.#count
      }
    }
    class Id {
      #text = '1234'
      toString() {
        return this.#text
      }
    }
    const pieces = {
      async *[Symbol.asyncIterator]() {
        yield 1
      }
    }
    for (const value of [new Pieces(), new Id(), pieces]) expect(keepParams({ value }).value).toBe(value)
    expect(String(keepParams({ code: new Id() }).code)).toBe('1234')
  })

  it('keeps cycles, what is nested without end, and a field named __proto__', () => {
    const loop: Record<string, unknown> = {}
    loop.self = loop
    const kept = keepParams(loop)
    expect(kept).not.toBe(loop)
    expect(kept.self).toBe(kept)

    let deep: unknown = {}
    for (let depth = 0; depth < 50_000; depth++) deep = { deep }
    expect(keepParams(deep)).toHaveProperty('deep.deep.deep')

    const named = keepParams(JSON.parse('{"__proto__":{"isAdmin":true}}'))
    expect(Object.keys(named)).toEqual(['__proto__'])
    expect(named).not.toHaveProperty('isAdmin')
  })
})

describe('keepOptions', () => {
  it('copies options and headers, and hands on the signal itself', () => {
    const { signal } = new AbortController()
    const options = { signal, timeoutMs: 5, headers: { a: '1' } }
    const kept = keepOptions(options)
    options.headers.a = '2'
    options.timeoutMs = 6
    expect(kept).toEqual({ signal, timeoutMs: 5, headers: { a: '1' } })
    expect(kept.signal).toBe(signal)
  })

  it('leaves what is to be refused as it is', () => {
    for (const wrong of [undefined, null, 'x', 1, new Map()]) expect(keepOptions(wrong as never)).toBe(wrong)
    const headers = new Headers()
    expect(keepOptions({ headers: headers as never }).headers).toBe(headers)
  })
})
