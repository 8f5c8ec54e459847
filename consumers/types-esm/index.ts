import { isWeixinKitError, memoryStore, type Store } from 'weixin-kit'
import { MiniProgram } from 'weixin-kit/miniapp'
import { OfficialAccount } from 'weixin-kit/mp'
import { createSimulator } from 'weixin-kit/simulator'

const store: Store = memoryStore()
const simulator = createSimulator()
const mp = new OfficialAccount({ ...simulator.credentials.officialAccount, fetch: simulator.fetch, store })
const mini = new MiniProgram({ ...simulator.credentials.miniProgram, fetch: simulator.fetch, store })
try {
  await mini.auth.code2Session('no such code')
  throw new Error('accepted a wrong code')
} catch (error) {
  if (!isWeixinKitError(error)) throw error
  switch (error.code) {
    case 'ERR_WECHAT_API': {
      const errcode: number = error.errcode
      if (errcode !== 40029) throw error
      break
    }
    default:
      throw error
  }
}
// @ts-expect-error appSecret is required
const wrong = () => new OfficialAccount({ appId: 'wx0123456789abcdef' })
void [mp, wrong]
console.log('esm-ts ok')
