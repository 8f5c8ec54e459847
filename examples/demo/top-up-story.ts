import { Browser } from './browser.ts'
import type { Printer } from './printer.ts'
import type { Stage } from './stage.ts'

type Row = Record<string, string | number | null>

/** Opens the page inside WeChat, proves a phone, tops up, uses a device for a moment, reads both statements. */
export async function tellTopUp({ simulator, topUp }: Stage, print: Printer): Promise<void> {
  const user = simulator.user({ id: 'hong', nickname: '小红' })
  const page = new Browser(topUp, print)
  const mobile = String(user.profile.phone)

  print.chapter('top-up (Koa): a person opens the page inside WeChat')
  const start = await page.get('/wechat/authorize')
  const back = user.authorize(start.location)
  await page.get(back.pathname + back.search)
  const before = await page.get('/wechat/check')
  print.check('WeChat says who it is, a phone is missing', before.body.result === 0, String(before.body.error))

  print.chapter('captcha, SMS code, login')
  const { challenge } = (await page.get('/wechat/geetest')).body.result as { challenge: string }
  const solved = user.solveCaptcha(challenge)
  const asked = await page.post('/wechat/captcha', { mobile, ...solved })
  print.check('captcha proven, message sent', asked.body.success === true, simulator.yunpian.inbox(mobile).at(-1)?.text)
  const repeated = await page.post('/wechat/captcha', { mobile, ...solved })
  print.check('the same captcha does not count twice', repeated.body.success === false, String(repeated.body.error))
  const login = await page.post('/wechat/login', { mobile, code: user.smsCode() })
  print.check('logged in', (login.body.result as Row).mobile === mobile, mobile)

  print.chapter('a recharge by JSAPI pay')
  const [first, second] = await Promise.all([page.get('/wechat/recharge/5000'), page.get('/wechat/recharge/5000')])
  const order = first.body.recharge_id
  print.check('tapped twice, ordered once', order === second.body.recharge_id, String(order))
  const { delivery } = await user.pay(first.body.pay_params as object)
  await delivery?.redeliver()
  const purse = async () => (await page.get('/wechat/user')).body.result as Row
  const full = await purse()
  print.check('paid, told twice, booked once', full.balance_account === 5000, `${full.balance_account} fen`)

  print.chapter('a device')
  const scanned = 'https://device.example/d/A001'
  const started = await page.post('/wechat/device/start', { device_id: scanned.split('/').at(-1) })
  print.check('scanned and started', started.body.success === true, scanned)
  const stopped = (await page.post('/wechat/device/stop', {})).body.result as Row
  print.check('stopped; the started minute is charged', stopped.cost_money === 20, `${stopped.cost_money} fen`)
  const left = await purse()
  const lists = await Promise.all([page.post('/wechat/recharge/list', {}), page.post('/wechat/expense/list', {})])
  const [paid, spent] = lists.map(({ body }) => body.result as { total: number; data: Row[] })
  const rest = Number(paid?.data[0]?.amount) - Number(spent?.data[0]?.cost_money)
  print.check('both statements add up to the balance', rest === left.balance_account, `${rest} fen`)
}
