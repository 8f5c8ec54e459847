const { ConfigError, memoryStore } = require('weixin-kit')
const { OfficialAccount } = require('weixin-kit/mp')
const { WeChatPayV2 } = require('weixin-kit/pay/v2')
const { createSimulator } = require('weixin-kit/simulator')

async function main() {
  const simulator = createSimulator()
  const mp = new OfficialAccount({
    ...simulator.credentials.officialAccount,
    fetch: simulator.fetch,
    store: memoryStore()
  })
  const config = await mp.jssdk.config({ url: 'https://shop.example.com/', jsApiList: [] })
  if (!/^[0-9a-f]{40}$/.test(config.signature)) throw new Error('no signature')
  try {
    new WeChatPayV2({})
    throw new Error('constructed without options')
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
  }
  console.log('cjs ok')
}
main().catch((error) => {
  console.error(error)
  process.exitCode = 1
})
