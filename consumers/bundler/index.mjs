import { MessageGateway, parseMessage } from 'weixin-kit/gateway'
import { OfficialAccount } from 'weixin-kit/mp'

// What a bundler may keep when only one thing is used is measured by the caller.
const mp = new OfficialAccount({ appId: 'wx0123456789abcdef', appSecret: '0123456789abcdef0123456789abcdef' })
const url = mp.oauth.authorizeUrl({ redirectUri: 'https://shop.example.com/cb', scope: 'snsapi_base', state: 'abc' })
if (!String(url).endsWith('#wechat_redirect')) throw new Error('no authorize URL')
// Nested elements go through fast-xml-parser, which a bundler cannot see and which therefore stays outside.
const nested =
  '<xml><ToUserName>gh_1</ToUserName><FromUserName>o1</FromUserName><CreateTime>1</CreateTime><MsgType>event</MsgType><Event>scancode_push</Event><ScanCodeInfo><ScanType>qrcode</ScanType><ScanResult>1</ScanResult></ScanCodeInfo></xml>'
if (parseMessage(nested).ScanCodeInfo.ScanResult !== '1') throw new Error('no nested element')
if (typeof MessageGateway !== 'function') throw new Error('no gateway')
console.log('bundler ok')
