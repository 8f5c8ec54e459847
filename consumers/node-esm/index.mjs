import { ConfigError, memoryStore } from 'weixin-kit'
import { MessageGateway } from 'weixin-kit/gateway'
import { OfficialAccount } from 'weixin-kit/mp'
import { toNodeHandler } from 'weixin-kit/node'
import { WeChatPay } from 'weixin-kit/pay'
import { WeChatPayV2 } from 'weixin-kit/pay/v2'
import { Qiniu } from 'weixin-kit/qiniu'
import { createSimulator } from 'weixin-kit/simulator'

const simulator = createSimulator()
const { officialAccount } = simulator.credentials
const mp = new OfficialAccount({ ...officialAccount, fetch: simulator.fetch, store: memoryStore() })
const config = await mp.jssdk.config({ url: 'https://shop.example.com/page?a=1#top', jsApiList: ['chooseImage'] })
if (!/^[0-9a-f]{40}$/.test(config.signature)) throw new Error('no signature')
for (const type of [MessageGateway, WeChatPayV2, WeChatPay, Qiniu]) {
  try {
    new type({})
    throw new Error('constructed without options')
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
  }
}
if (typeof toNodeHandler !== 'function') throw new Error('no adapter')
console.log('esm ok')
