import { MessageGateway, type MessageGatewayOptions, reply, signedGatewayRequest } from 'weixin-kit/gateway'
import { type Mistake, Reported } from './mistake.ts'

const ACCOUNT = {
  appId: 'wx0123456789abcdef',
  token: 'token',
  encodingAESKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'
}
const OTHER_KEY = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefg'
const TEXT =
  '<xml><ToUserName>gh_1</ToUserName><FromUserName>o1</FromUserName><CreateTime>1</CreateTime><MsgType>text</MsgType><Content>hi</Content><MsgId>1</MsgId></xml>'
const PLAIN = { appId: ACCOUNT.appId, token: ACCOUNT.token }

const config = (name: string, options: object, cure: RegExp): Mistake => ({
  name,
  make: () => new MessageGateway({ ...ACCOUNT, ...options }),
  code: 'ERR_CONFIG',
  cure
})
const use = (name: string, make: (gateway: MessageGateway) => unknown, cure: RegExp): Mistake => ({
  name,
  make: () => make(new MessageGateway(ACCOUNT)),
  code: 'ERR_INVALID_PARAM',
  cure
})
const log = (name: string, make: () => Promise<string>, cure: RegExp, not?: RegExp): Mistake => ({
  name,
  make,
  code: 'text',
  cure,
  ...(not ? { not } : {})
})

/** What the gateway writes into its log about one request. */
function deliver(
  request: Request,
  options: Partial<MessageGatewayOptions> = {},
  listen: (gateway: MessageGateway) => unknown = () => undefined
): Promise<string> {
  const reported = new Reported()
  const gateway = new MessageGateway({ ...ACCOUNT, logger: reported.logger, ...options })
  listen(gateway)
  return reported.after(gateway.handler()(request))
}
/** A message as WeChat sends it to an account. */
const message = (account: object = ACCOUNT) => signedGatewayRequest(TEXT, account as typeof ACCOUNT)
/** The same with another body. */
const withBody = (body: string) => new Request(message().url, { method: 'POST', body })

/** The message gateway. */
export const GATEWAY: readonly Mistake[] = [
  config('a key of 42 characters', { encodingAESKey: ACCOUNT.encodingAESKey.slice(1) }, /43/),
  config('a key with the = of base64', { encodingAESKey: `${ACCOUNT.encodingAESKey}=` }, /43|without/),
  config('the AppSecret as encodingAESKey', { encodingAESKey: 'a'.repeat(32) }, /43/),
  config('a token with a line break', { token: 'token\n' }, /paste it without/),
  config('the original id as appid', { appId: 'gh_0123456789ab' }, /原始ID.*AppID/),
  config('aesKey, as in other libraries', { aesKey: ACCOUNT.encodingAESKey }, /did you mean "encodingAESKey"/),
  config('an AppSecret that is not needed', { appSecret: 'x' }, /unknown option "appSecret"/),
  use('subscribe without event.', (gateway) => gateway.on('subscribe' as never, () => 'hi'), /event\.subscribe/),
  use('an unknown type', (gateway) => gateway.on('message' as never, () => 'hi'), /use text, image.*\*/),
  use('the reply in place of a handler', (gateway) => gateway.on('text', 'hi' as never), /must be a function/),
  use('handler called for each request', (gateway) => gateway.handler(message() as never), /call it once/),
  use('handler taken off the gateway', ({ handler }) => handler(), /call it once/),
  log(
    'another token than in the console',
    () => deliver(message({ ...ACCOUNT, token: 'another' })),
    /服务器配置.*previous\.token/s
  ),
  log(
    'another token, plaintext',
    () => deliver(message({ ...PLAIN, token: 'another' }), { encodingAESKey: undefined }),
    /服务器配置/
  ),
  log(
    'another key than in the console',
    () => deliver(message({ ...ACCOUNT, encodingAESKey: OTHER_KEY })),
    /EncodingAESKey.*(console|服务器配置)|previous\.encodingAESKey/i
  ),
  log(
    'the appid of another account',
    () => deliver(message({ ...ACCOUNT, appId: 'wxffffffffffffffff' })),
    /appId|appid/
  ),
  log(
    'plaintext mode in the console, a key here',
    () => deliver(message(PLAIN)),
    /Choose safe mode.*or leave out encodingAESKey/
  ),
  log(
    'safe mode in the console, no key here',
    () => deliver(message(), { encodingAESKey: undefined }),
    /encodingAESKey/
  ),
  log(
    'a browser at the address',
    () => deliver(new Request('https://shop.example.com/wechat')),
    /not from WeChat.*proxy/
  ),
  log(
    'a proxy that drops the query',
    () => deliver(new Request('https://shop.example.com/wechat', { method: 'POST', body: TEXT })),
    /proxy dropped the query/
  ),
  log('a body parser that took the body', () => deliver(withBody('')), /body parser or a proxy consumed it/),
  log('XML that became JSON', () => deliver(withBody('{"xml":{"Encrypt":"x"}}')), /pass the raw body to the handler/),
  log('a body that was decoded as a form', () => deliver(withBody('%3Cxml%3E=')), /looks like a form/),
  log(
    'the time of the server is off',
    () => deliver(message(), { clock: () => Date.now() + 3_600_000 }),
    /clock.*NTP|clock of this/
  ),
  log(
    'a reply without its type',
    () => deliver(message(), {}, (gateway) => gateway.on('text', () => ({ Content: 'hi' }) as never)),
    /MsgType|reply\.text/
  ),
  log(
    'a picture without media_id',
    () => deliver(message(), {}, (gateway) => gateway.on('text', () => reply.image(undefined as never))),
    /media/i
  ),
  log(
    'a text that is too long',
    () => deliver(message(), {}, (gateway) => gateway.on('text', () => '长'.repeat(700))),
    /2048.*cut/
  ),
  log(
    'a number as reply',
    () => deliver(message(), {}, (gateway) => gateway.on('text', () => 42 as never)),
    /text|string/
  ),
  log(
    'a handler that throws',
    () =>
      deliver(message(), {}, (gateway) =>
        gateway.on('text', () => {
          throw new Error('no database')
        })
      ),
    /no database/
  ),
  log('a response of a model that takes longer than five seconds', slowReply, /onLateReply/)
]

/** The log about a reply that came after the response. */
async function slowReply(): Promise<string> {
  const reported = new Reported()
  const gateway = new MessageGateway({ ...ACCOUNT, logger: reported.logger, deadlineMs: 5 })
  let finish: (text: string) => void = () => undefined
  const answer = new Promise<string>((resolve) => {
    finish = resolve
  })
  gateway.on('text', () => answer)
  await gateway.handler()(message())
  finish('late')
  await answer
  await new Promise((done) => setImmediate(done))
  return reported.after(undefined)
}
