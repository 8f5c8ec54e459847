import { MessageGateway } from 'weixin-kit/gateway'
import { OfficialAccount } from 'weixin-kit/mp'

// What a bundler may keep when only one thing is used is measured by the caller.
const mp = new OfficialAccount({ appId: 'wx0123456789abcdef', appSecret: '0123456789abcdef0123456789abcdef' })
const url = mp.oauth.authorizeUrl({ redirectUri: 'https://shop.example.com/cb', scope: 'snsapi_base', state: 'abc' })
if (!String(url).endsWith('#wechat_redirect')) throw new Error('no authorize URL')
if (typeof MessageGateway !== 'function') throw new Error('no gateway')
console.log('bundler ok')
