import { tellBoilerplate } from './boilerplate-story.ts'
import { tellBusinessCard } from './business-card-story.ts'
import { tellOfficialSite } from './official-site-story.ts'
import { Printer } from './printer.ts'
import { openStage, type Stage } from './stage.ts'
import { tellTopUp } from './top-up-story.ts'
import { tellWalletShop } from './wallet-shop-story.ts'

const started = performance.now()
const print = new Printer()
print.chapter('starting the simulator and the apps')
const stage = await openStage()
print.line(`simulator      ${stage.simulatorUrl}  WeChat, WeChat Pay, Qiniu, Yunpian, Geetest`)
print.line(`official-site  ${stage.officialSite}`)
print.line(`boilerplate    ${stage.boilerplate}`)
print.line(`wallet-shop    ${stage.walletShop}`)
print.line(`top-up         ${stage.topUp}`)
print.line(`business-card  ${stage.businessCard}`)

try {
  await tellOfficialSite(stage, print)
  await tellBoilerplate(stage, print)
  await tellWalletShop(stage, print)
  await tellTopUp(stage, print)
  await tellBusinessCard(stage, print)
  print.chapter(`done: ${print.passed} results verified in ${((performance.now() - started) / 1000).toFixed(1)} s`)
  if (process.argv.includes('--keep')) await stayUp(stage)
} catch (error) {
  console.error(error)
  process.exitCode = 1
} finally {
  await stage.close()
}
process.exit()

async function stayUp(stage: Stage): Promise<void> {
  const { officialSite, boilerplate, walletShop, topUp, businessCard, simulatorUrl, adminPassword } = stage
  const login = JSON.stringify({ name: 'admin', password: adminPassword })
  print.chapter('still running; open in a browser')
  print.line(`${boilerplate}/boilerplate/wechat/mp/index`)
  print.line('  log in with WeChat: the consent page is the one of the simulator')
  print.line(`${officialSite}/extensions/wx/user/authorize/?state=%2Fapi%2Fcurrent_user%2F`)
  print.line('  log in and see who you are')
  print.line(`${walletShop}/`)
  print.line('  log in, top up at the cashier of the simulator, buy, look at the ledgers')
  print.line(`${topUp}/`)
  print.line('  solve the captcha, find the code in the inbox of the simulator, recharge, use the device A001')
  print.line(`${businessCard}/`)
  print.line(`  be a customer on the phone, and at ${businessCard}/staff be zhangju with the password ${adminPassword}`)
  print.line(`${simulatorUrl}/`)
  print.line('  act as a person: send a message, follow, pay; watch every call')
  print.chapter('or be the administrator of official-site')
  print.line(`curl -X PUT ${officialSite}/api/admin/login/ -H 'content-type: application/json' -d '${login}'`)
  print.line('  all endpoints: API.md in the folders of examples/')
  print.chapter('Ctrl+C ends it')
  await new Promise((resolve) => process.once('SIGINT', resolve))
}
