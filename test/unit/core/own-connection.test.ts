import { expect, it } from 'vitest'
import { undiciFetch } from 'weixin-kit'
import { checkOwnConnection } from '../../../src/core/own-connection.ts'

const own = async () => new Response()

it.each([
  ['Node.js', { node: '20' }, undefined, undefined],
  ['Bun', { node: '22', bun: '1.4' }, undefined, /Bun.*Node\.js.*Nothing was sent/],
  ['Bun, whose undici is another', { node: '22', bun: '1.4' }, undiciFetch(), /Bun/],
  ['Bun with a fetch of the user', { node: '22', bun: '1.4' }, own, undefined],
  ['Deno', { node: '22', deno: '2.5' }, undefined, /fetch: undiciFetch\(\)/],
  ['Deno with undici', { node: '22', deno: '2.5' }, undiciFetch(), undefined]
])('a connection with a client certificate, a proxy or an authority in %s', (_, runtime, fetch, refusal) => {
  const check = () => checkOwnConnection(fetch, 'POST https://api.mch.weixin.qq.com/secapi/pay/refund', 'pay', runtime)
  if (refusal === undefined) expect(check).not.toThrow()
  else {
    expect(check).toThrow(refusal)
    expect(check).toThrow(expect.objectContaining({ code: 'ERR_CONFIG', option: 'fetch' }))
  }
})
