import kit = require('weixin-kit')
import mp = require('weixin-kit/mp')
import simulator = require('weixin-kit/simulator')

async function main(): Promise<void> {
  const sim = simulator.createSimulator()
  const account = new mp.OfficialAccount({
    ...sim.credentials.officialAccount,
    fetch: sim.fetch,
    store: kit.memoryStore()
  })
  const token: string = await account.accessToken.get()
  if (token.length < 16) throw new Error('no token')
  console.log('cjs-ts ok')
}
void main()
