import { describe, expect, test } from 'vitest'
import { isWeixinKitError } from 'weixin-kit'
import * as gateway from 'weixin-kit/gateway'
import { MiniProgram, verifyRawData } from 'weixin-kit/miniapp'
import { OfficialAccount } from 'weixin-kit/mp'
import { json } from '../support/stub-fetch.ts'

// What untyped code passes by mistake.
const JUNK = [undefined, null, 0, '', [], {}, () => 1, Symbol('x'), Number.NaN, true, new Date(Number.NaN), 1n]

const account = {
  appId: 'wx0123456789abcdef',
  token: 'token',
  encodingAESKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'
}
const options = {
  appId: account.appId,
  appSecret: 'not-a-real-secret',
  maxRetries: 0,
  fetch: async () => json({ access_token: 'TOKEN', ticket: 'TICKET', expires_in: 7200 })
}
type Call = (value: unknown) => unknown
type Methods = Record<string, (...args: unknown[]) => unknown>

/** Every method of a client with junk as its first argument and, named `#`, as its second. */
function callsOf(name: string, client: object, found: Record<string, Call> = {}): Record<string, Call> {
  // Derived methods are own properties of a plain object, whose prototype has none of ours.
  const prototype: object = Object.getPrototypeOf(client)
  for (const method of Object.getOwnPropertyNames(prototype === Object.prototype ? client : prototype)) {
    const call = (client as Methods)[method]
    if (method === 'constructor' || typeof call !== 'function') continue
    found[`${name}.${method}`] = (value) => call.call(client, value)
    found[`${name}.${method} #`] = (value) => call.call(client, 'text', value)
  }
  for (const [field, value] of Object.entries(client)) {
    if (typeof value === 'object' && value !== null) callsOf(`${name}.${field}`, value, found)
  }
  return found
}

async function outcome(call: Call, value: unknown): Promise<unknown> {
  try {
    const result = await call(value)
    if (typeof result === 'object' && result !== null && Symbol.asyncIterator in result) {
      await (result as AsyncGenerator<unknown>).next()
    }
    return undefined
  } catch (error) {
    return error
  }
}

const receiver = { ToUserName: 'gh_1', FromUserName: 'o1' }
const sealed = gateway.encryptMessage('<xml/>', account)
const as = <T>(value: unknown) => value as T
const functions: Record<string, Call> = {
  verifySignature: (value) => gateway.verifySignature(as(value)),
  'encryptMessage, message': (value) => gateway.encryptMessage(as(value), account),
  'encryptMessage, options': (value) => gateway.encryptMessage('text', as(value)),
  'decryptMessage, message': (value) => gateway.decryptMessage(as(value), account),
  'decryptMessage, options': (value) => gateway.decryptMessage(sealed, as(value)),
  parseMessage: (value) => gateway.parseMessage(as(value)),
  'buildReply, message': (value) => gateway.buildReply(as(value), 'text'),
  'buildReply, reply': (value) => gateway.buildReply(receiver, as(value)),
  'buildReply, options': (value) => gateway.buildReply(receiver, 'text', as(value)),
  'signedGatewayRequest, message': (value) => gateway.signedGatewayRequest(as(value), account),
  'signedGatewayRequest, options': (value) => gateway.signedGatewayRequest('text', as(value)),
  isMessage: (value) => gateway.isMessage(as(value), 'text'),
  sceneOf: (value) => gateway.sceneOf(as(value)),
  createMessageKey: (value) => gateway.createMessageKey(as(value)),
  MessageGateway: (value) => new gateway.MessageGateway(as(value)),
  OfficialAccount: (value) => new OfficialAccount(as(value)),
  MiniProgram: (value) => new MiniProgram(as(value)),
  verifyRawData: (value) => verifyRawData(as(value))
}
const clients = {
  mp: new OfficialAccount(options),
  mini: new MiniProgram(options),
  gate: new gateway.MessageGateway(account)
}

describe('junk for an argument throws typed errors only', () => {
  const calls = { ...functions }
  for (const [name, client] of Object.entries(clients)) callsOf(name, client, calls)
  test.each(Object.entries(calls))('%s', async (_, call) => {
    for (const value of JUNK) {
      const error = await outcome(call, value)
      if (error !== undefined && !isWeixinKitError(error)) throw error
    }
  })

  test('and there is much to call', () => {
    expect(Object.keys(calls).length).toBeGreaterThan(150)
  })
})

describe('a ciphertext that is not there', () => {
  test('is not replaced by the signature of the URL, which covers nothing', () => {
    const url = new URL(gateway.signedGatewayRequest({ echostr: 'x' }, account).url)
    const [timestamp, nonce, msgSignature] = ['timestamp', 'nonce', 'signature'].map(
      (name) => url.searchParams.get(name) ?? ''
    )
    const message = { timestamp, nonce, msgSignature } as gateway.EncryptedMessage
    expect(() => gateway.decryptMessage(message, account)).toThrow(
      expect.objectContaining({ code: 'ERR_SIGNATURE_MISSING' })
    )
  })
})
