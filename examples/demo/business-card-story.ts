import { createHash } from 'node:crypto'
import { type Answer, Browser } from './browser.ts'
import type { Printer } from './printer.ts'
import type { Stage } from './stage.ts'

const CUSTOMER = '/zhugeleida/xiaochengxu'
const STAFF = '/zhugeleida/qiyeweixin'
type Session = { user_id: number; token: string }
const sessionOf = ({ data }: Answer) => data.ret_data as Session

let last = 0
/** The three parameters that the document has every request signed with. */
function signed({ user_id, token }: Session, path: string, fields: Record<string, string | number> = {}): string {
  last = Math.max(last + 1, Date.now())
  const rand_str = createHash('md5').update(`${last}${token}`).digest('hex')
  const more = Object.entries(fields).map(([name, value]) => `&${name}=${encodeURIComponent(value)}`)
  return `${path}?rand_str=${rand_str}&timestamp=${last}&user_id=${user_id}${more.join('')}`
}

/** One customer shares a poster, another scans it, chats, gives the phone number and buys from the company's own merchant account. */
export async function tellBusinessCard(
  { simulator, businessCard, adminPassword }: Stage,
  print: Printer
): Promise<void> {
  const phone = new Browser(businessCard, print)
  const enter = async (id: string, nickname: string) => {
    const user = simulator.user({ id, nickname })
    const login = await phone.get(`${CUSTOMER}/login?code=${user.login()}&user_type=2&source=1`)
    return { user, ...sessionOf(login) }
  }

  print.chapter('business-card (Fastify): a customer shares the poster of somebody')
  const hong = await enter('hong', '小红')
  await phone.get(signed(hong, `${CUSTOMER}/login/binding`, { user_type: 2, source: 1, uid: 1 }))
  const poster = await phone.get(signed(hong, `${CUSTOMER}/mingpian/save_poster`, { uid: 1 }))
  const png = await fetch(`${businessCard}/${String(poster.data.poster_url)}`)
  const bytes = Buffer.from(await png.arrayBuffer())
  print.check('a PNG, drawn by the server', bytes.subarray(1, 4).toString() === 'PNG', `${bytes.length} bytes`)
  const made = await phone.get(signed(hong, `${CUSTOMER}/mingpian/create_poster`, { uid: 1 }))
  const [{ qr_code_url } = { qr_code_url: '' }] = made.body.data as { qr_code_url: string }[]
  const code = Buffer.from(await (await fetch(`${businessCard}/${qr_code_url}`)).arrayBuffer())

  print.chapter('another one scans it, and is bound')
  const ming = await enter('ming', '小明')
  const { scene } = ming.user.scanCode(code)
  const scanned = new URLSearchParams(scene)
  const [uid, pid] = [Number(scanned.get('u')), Number(scanned.get('p'))]
  print.check('the code names the card and who shared it', uid === 1 && pid === hong.user_id, scene)
  await phone.get(signed(ming, `${CUSTOMER}/login/binding`, { user_type: 2, source: 1, uid, pid }))
  const [card] = (await phone.get(signed(ming, `${CUSTOMER}/mingpian`, { uid }))).data.ret_data as {
    username: string
  }[]
  print.check('the card is shown', card?.username === '张炬', card?.username)
  const like = signed(ming, `${CUSTOMER}/mingpian/praise`, { uid })
  await Promise.all([phone.get(like), phone.get(like)])
  const [liked] = (await phone.get(signed(ming, `${CUSTOMER}/mingpian`, { uid }))).data.ret_data as {
    praise_num: number
  }[]
  print.check('liked; the same request twice is one like', liked?.praise_num === 1)
  const forged = await phone.get(signed({ ...hong, user_id: ming.user_id }, `${CUSTOMER}/mingpian`, { uid }))
  print.check('nobody signs for somebody else', forged.body.code === 404, String(forged.body.msg))

  print.chapter('they chat; a phone number is given')
  const desk = sessionOf(await phone.post(`${STAFF}/login`, { name: 'zhangju', password: adminPassword }))
  const pair = { customer_id: ming.user_id, user_id: 1 }
  const say = (who: Session, send_type: 1 | 2, msg: string) =>
    phone.post(signed(who, `${STAFF}/chat/send_msg/0`), { ...pair, send_type, content: { info_type: 1, msg } })
  const waiting = phone.get(signed(desk, `${STAFF}/chat/getmsg/0`, { customer_id: ming.user_id, wait: 20 }))
  await say(ming, 2, '这一款几个人用？')
  const [heard] = (await waiting).body.data as { msg: string }[]
  print.check('whoever waits hears of it', heard?.msg === '这一款几个人用？', heard?.msg)
  const { encryptedData, iv } = ming.user.encryptedPhone()
  await phone.post(signed(ming, `${CUSTOMER}/chat/encrypted_phone_number/0`), { u_id: 1, encryptedData, iv })
  const read = async (who: Session, fields: Record<string, number>) =>
    ((await phone.get(signed(who, `${STAFF}/chat`, fields))).body.data as { msg: string }[])[0]?.msg ?? ''
  const [atDesk, onPhone] = [await read(desk, { customer_id: ming.user_id }), await read(ming, { u_id: 1 })]
  const number = String(ming.user.profile.phone)
  print.check(
    'the staff reads the number, others do not',
    atDesk.includes(number) && !onPhone.includes(number),
    onPhone
  )

  print.chapter('bought from the merchant account of the company')
  const redirect = await phone.post(signed(ming, `${CUSTOMER}/jiChuSheZhiOper/addOrUpdate`), {
    shangHuHao: '1600000000'
  })
  print.check('customers do not redirect its income', redirect.body.code === 404, String(redirect.body.msg))
  const order = { u_id: ming.user_id, goodsId: 3, xiaochengxu_id: 1 }
  const [tap, again] = await Promise.all([1, 2].map(() => phone.post(signed(ming, `${CUSTOMER}/yuZhiFu`), order)))
  print.check('tapped twice, ordered once', tap?.data.package === again?.data.package, String(tap?.data.package))
  const { delivery } = await ming.user.pay(tap?.data ?? {})
  await delivery?.redeliver()
  const state = (await phone.get(signed(ming, `${CUSTOMER}/order_status`))).data
  print.check('paid and booked', state.status === 'paid', `${state.total_fee} fen`)
}
