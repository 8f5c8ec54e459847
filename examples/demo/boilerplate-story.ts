import { Browser } from './browser.ts'
import type { Printer } from './printer.ts'
import type { Stage } from './stage.ts'

const API = '/boilerplate/wechat/api/v1'

/** Follows the account, talks to it, opens the mini program and logs in on a page. */
export async function tellBoilerplate({ simulator, boilerplate }: Stage, print: Printer): Promise<void> {
  const user = simulator.user('ming')

  print.chapter('boilerplate (Koa): the message gateway, encrypted both ways')
  const followed = await user.follow()
  print.request('POST', followed.delivery.url, followed.delivery.attempts[0]?.status ?? 0)
  print.check('followed, welcomed', String(followed.reply?.Content).includes('欢迎'), String(followed.reply?.Content))
  const answered = await user.send('在吗')
  print.request('POST', answered.delivery.url, answered.delivery.attempts[0]?.status ?? 0)
  print.check('“在吗” answered', answered.reply?.Content === '你说：在吗', String(answered.reply?.Content))
  const again = await answered.delivery.redeliver()
  print.check('delivered once more: the same reply, not a second one', again.delivered, again.note)

  print.chapter('a mini program')
  const mini = new Browser(boilerplate, print)
  const session = await mini.post(`${API}/wechat-miniapp/user`, { code: user.login() })
  print.check('logged in; session_key stays on the server', Object.keys(session.body).join() === 'error_code,token')
  mini.authorization = `wechat ${String(session.body.token)}`
  const { encryptedData, iv } = user.encryptedData()
  const profile = await mini.put(`${API}/wechat-miniapp/user`, { iv, encrypted_data: encryptedData })
  print.check('profile decrypted and stored', profile.body.error_code === 0, JSON.stringify(profile.body.user))

  print.chapter('a page with a login')
  const page = new Browser(boilerplate, print)
  const start = await page.get(`${API}/wechat-mp/authorize`)
  const back = user.authorize(start.location)
  const home = await page.get(back.pathname + back.search)
  print.check('back from the consent page', home.location === '/boilerplate/wechat/mp/index', home.location)
}
