import { Browser } from './browser.ts'
import type { Printer } from './printer.ts'
import type { Stage } from './stage.ts'

interface Purses {
  balance: number
  coupon: number
}
type Row = Record<string, string | number>

/** Logs in from an app, tops up by APP pay, spends both purses, checks a cart out of which one row fails. */
export async function tellWalletShop({ simulator, walletShop }: Stage, print: Printer): Promise<void> {
  const user = simulator.user('ming')
  const app = new Browser(walletShop, print)
  const purses = async () => (await app.get('/user')).data as unknown as Purses

  print.chapter('wallet-shop (Express): a person opens the app')
  const entered = await app.get(`/account/signin?code=${user.appLogin()}`)
  print.check('logged in with the code of the SDK', entered.body.code === 0, String(entered.data.name))
  const empty = await purses()
  print.check('two empty purses', empty.balance === 0 && empty.coupon === 0)

  print.chapter('a top-up by APP pay')
  const items = (await app.get('/payment_items')).body.data as Row[]
  const [item] = items
  const { data: order } = await app.post('/payment_order', { item_id: item?.id })
  print.check('ordered: all that the SDK needs', order.package === 'Sign=WXPay', String(order.payment_id))
  const { delivery, transactionId } = await user.pay(order)
  await Promise.all([delivery?.redeliver(), delivery?.redeliver()])
  const full = await purses()
  const isBooked = full.balance === item?.money && full.coupon === item?.charge
  print.check('paid, told three times, booked once', isBooked, `${transactionId}: ${full.balance} + ${full.coupon} fen`)

  print.chapter('spending')
  const products = (await app.get('/products')).body.data as Row[]
  const cheap = products.toSorted((one, other) => Number(one.price) - Number(other.price))
  const dear = cheap.at(-1)
  const bought = await app.get(`/product/${dear?.id}/with_balance`)
  print.check('bought with the balance, by GET as the document has it', bought.body.code === 0, String(dear?.name))
  const again = await app.get(`/product/${dear?.id}/with_balance`)
  print.check('the same GET at once is no second purchase', again.body.code === 10004, `code ${again.body.code}`)
  const short = await app.post(`/product/${dear?.id}/with_coupon`, {})
  print.check('the coupons are too few', short.body.code === 10006, `code ${short.body.code}`)
  for (const [index, num] of [
    [0, 2],
    [1, 99]
  ] as const)
    await app.post('/cart', { product_id: cheap[index]?.id, num })
  const { data: cart } = await app.post('/cart/pay_with_balance', {})
  const [success, fail] = [cart.success as Row[], cart.fail as Row[]]
  const isSplit = success[0]?.id === cheap[0]?.id && fail[0]?.id === cheap[1]?.id
  print.check('one row of the cart bought, one left', isSplit, `${success[0]?.name}; not ${fail[0]?.name}`)

  const left = await purses()
  const sums = await Promise.all([0, 1].map(async (type) => sumOf((await app.get(`/ledgers?type=${type}`)).body.data)))
  const isRight = sums[0] === left.balance && sums[1] === left.coupon
  print.check('both ledgers add up to the purses', isRight, `${left.balance} and ${left.coupon} fen`)
}

const sumOf = (rows: unknown) => (rows as Row[]).reduce((total, { money }) => total + Number(money), 0)
