import { expect, test } from 'vitest'
import { toExpressHandler } from 'weixin-kit/express'
import { toFastifyHandler, toFastifyPlugin } from 'weixin-kit/fastify'
import { toKoaMiddleware } from 'weixin-kit/koa'
import { toNodeHandler } from 'weixin-kit/node'

const nothing = undefined as never

test.each([
  ['toExpressHandler', () => toExpressHandler(nothing)],
  ['toKoaMiddleware', () => toKoaMiddleware(nothing)],
  ['toFastifyHandler', () => toFastifyHandler(nothing)],
  ['toFastifyPlugin', () => toFastifyPlugin(nothing, { url: '/wechat' })],
  ['toNodeHandler', () => toNodeHandler(nothing)]
])('%s says at once that there is no handler', (_, convert) => {
  expect(convert).toThrow(expect.objectContaining({ code: 'ERR_CONFIG', option: 'handler' }))
})
