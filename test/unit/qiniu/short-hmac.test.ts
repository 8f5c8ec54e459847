import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ShortHmac } from '../../../src/qiniu/short-hmac.ts'
import { fcParameters } from '../../support/fc-parameters.ts'

const reference = (secret: Uint8Array, text: string) => createHmac('sha1', secret).update(text).digest('base64')

it('is the HMAC of node:crypto for any secret and text, or nothing', () => {
  const secret = fc.uint8Array({ minLength: 0, maxLength: 200 })
  const text = fc.oneof(fc.string({ maxLength: 300 }), fc.string({ unit: 'binary', maxLength: 50 }))
  fc.assert(
    fc.property(secret, fc.array(text, { minLength: 1, maxLength: 5 }), (key, texts) => {
      const hmac = new ShortHmac(key)
      // Several with one object: nothing of an earlier text may remain.
      for (const one of texts) {
        const isAscii = Buffer.byteLength(one) === one.length
        expect(hmac.sign(one)).toBe(isAscii ? reference(key, one) : undefined)
      }
    }),
    fcParameters(500)
  )
})

it.each([0, 1, 63, 64, 65, 128])('a secret of %i bytes', (length) => {
  const secret = Buffer.alloc(length, 'k')
  expect(new ShortHmac(secret).sign('text')).toBe(reference(secret, 'text'))
})

it.each([0, 1, 55, 56, 63, 64, 65, 4095, 4096])('a text of %i characters', (length) => {
  const secret = Buffer.from('secret')
  expect(new ShortHmac(secret).sign('a'.repeat(length))).toBe(reference(secret, 'a'.repeat(length)))
})

it('leaves longer texts to others', () => {
  expect(new ShortHmac(Buffer.from('secret')).sign('a'.repeat(4097))).toBeUndefined()
})

// RFC 2202, test cases 1, 2 and 6.
it.each([
  [Buffer.alloc(20, 0x0b), 'Hi There', 'b617318655057264e28bc0b6fb378c8ef146be00'],
  [Buffer.from('Jefe'), 'what do ya want for nothing?', 'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79'],
  [
    Buffer.alloc(80, 0xaa),
    'Test Using Larger Than Block-Size Key - Hash Key First',
    'aa4ae5e15272d00e95705637ce8a3b55ed402112'
  ]
])('RFC 2202', (secret, text, hex) => {
  expect(Buffer.from(new ShortHmac(secret).sign(text) ?? '', 'base64').toString('hex')).toBe(hex)
})
