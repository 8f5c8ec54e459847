// The front of the shop. It speaks to the HTTP API of API.md and to nothing else; what people wrote is set as text, never as HTML.

const WORDS = {
  10001: '没有成功，请稍后再试',
  10002: '找不到，可能已经下架',
  10003: '请先登录',
  10004: '刚刚已经买过，稍等一下再买',
  10005: '请检查填写的内容',
  10006: '余额不足'
}
const SIGN_IN_FAILURES = {
  denied: '你没有同意授权',
  state: '登录已经失效，请重新登录',
  exchange: '微信没有完成登录，请稍后再试',
  return_path: '不能回到这个地址',
  snapshot: '请点击“使用完整服务”，再登录'
}
const KINDS = { recharge: '充值', bonus: '赠送', purchase: '购买' }
const POLL_MS = 1500

const state = { user: undefined, testing: undefined, tab: 'products', failed: new Set() }
const $ = (id) => document.getElementById(id)
const yuan = (fen) => (fen / 100).toFixed(2)

/** `el('p', { class: 'soft' }, 'text', child)`; a property that starts with `on` is a listener. */
function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value)
    else if (value !== undefined && value !== false) node.setAttribute(name, value === true ? '' : value)
  }
  node.append(...children.filter((child) => child !== undefined))
  return node
}

let toastTimer
function say(text, isBad = false) {
  const toast = $('toast')
  toast.textContent = text
  toast.className = isBad ? 'toast bad' : 'toast'
  toast.hidden = false
  clearTimeout(toastTimer)
  toastTimer = setTimeout(() => {
    toast.hidden = true
  }, 3000)
}

/** Calls the API; answers `{ code, data }`, also when the network is away. */
async function call(method, path, body, headers = {}) {
  const json = body === undefined ? {} : { 'content-type': 'application/json' }
  const init = { method, headers: { ...json, ...headers }, body: body === undefined ? undefined : JSON.stringify(body) }
  const answer = await fetch(path, init)
    .then((response) => response.json())
    .catch(() => ({ code: -1, data: null }))
  if (answer.code === 10003 && path !== '/user') {
    state.user = undefined
    drawHeader()
  }
  return answer
}

const explain = ({ code }) => say(WORDS[code] ?? '网络不通，请稍后再试', true)

/** So that a tap that is sent twice buys once. */
function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Runs what a button does, once at a time. */
function press(work) {
  return async ({ currentTarget }) => {
    currentTarget.disabled = true
    try {
      await work()
    } finally {
      currentTarget.disabled = false
    }
  }
}

async function refreshUser() {
  const { code, data } = await call('GET', '/user')
  state.user = code === 0 ? data : undefined
  drawHeader()
}

function drawHeader() {
  const { user } = state
  $('who').hidden = $('sign-out').hidden = $('purses').hidden = !user
  $('sign-in').hidden = Boolean(user)
  if (!user) return drawSignIn()
  const name = user.name || (user.phone ? String(user.phone).replace(/^(\d{3})\d{4}/, '$1****') : '微信用户')
  const face = user.avatar
    ? el('img', { class: 'face', src: user.avatar, alt: '' })
    : el('span', { class: 'face', 'aria-hidden': 'true' }, [...name][0])
  $('who').replaceChildren(face, name)
  $('purses').replaceChildren(purse('余额', user.balance, 'balance'), purse('优惠券', user.coupon, 'coupon'))
}

const purse = (name, fen, id) => el('div', { class: 'purse' }, name, el('b', { id }, `¥${yuan(fen)}`))

function drawSignIn() {
  const { testing } = state
  const phone = el('input', {
    name: 'phone',
    inputmode: 'numeric',
    autocomplete: 'username',
    placeholder: '手机号',
    'aria-label': '手机号'
  })
  const password = el('input', {
    name: 'password',
    type: 'password',
    autocomplete: 'current-password',
    placeholder: '密码，8 到 64 个字符',
    'aria-label': '密码'
  })
  const send = (path) => press(() => enter(call('POST', path, { phone: phone.value, password: password.value })))
  const people = (testing?.people ?? []).map(({ id, nickname }) =>
    el('button', { onclick: press(() => enterAs(id)) }, `以${nickname}登录 App`)
  )
  $('sign-in').replaceChildren(
    el('h2', {}, '登录后购买'),
    el(
      'div',
      { class: 'ways' },
      el('a', { class: 'button primary', href: '/account/authorize?next=%2F' }, '微信登录'),
      ...people
    ),
    el(
      'form',
      { onsubmit: (event) => event.preventDefault() },
      phone,
      password,
      el(
        'div',
        { class: 'row' },
        el('button', { class: 'grow', onclick: send('/account/login') }, '登录'),
        el('button', { class: 'grow', type: 'button', onclick: send('/account/signup') }, '注册')
      )
    )
  )
}

async function enter(answered) {
  const answer = await answered
  if (answer.code === 10004) return say('这个手机号已经注册', true)
  if (answer.code === 10001) return say('手机号或密码不对，或试得太多', true)
  if (answer.code !== 0) return explain(answer)
  state.user = answer.data
  drawHeader()
  await show(state.tab)
}

/** As the app does: the SDK gives a code, and the server takes it. */
async function enterAs(who) {
  sessionStorage.setItem('who', who)
  const { code, data } = await call('POST', '/testing/sdk_code', { who })
  if (code !== 0) return explain({ code })
  await enter(call('GET', `/account/signin?code=${encodeURIComponent(data.code)}`))
}

const PANELS = { products: drawProducts, cart: drawCart, topup: drawTopUp, ledgers: drawLedgers }

async function show(tab) {
  state.tab = tab
  for (const name of Object.keys(PANELS)) {
    $(`tab-${name}`).setAttribute('aria-selected', String(name === tab))
    $(`tab-${name}`).tabIndex = name === tab ? 0 : -1
  }
  $('panel').setAttribute('aria-labelledby', `tab-${tab}`)
  const content = await PANELS[tab]()
  if (state.tab === tab) $('panel').replaceChildren(...content)
}

const empty = (text) => [el('div', { class: 'card empty soft' }, text)]

async function drawProducts() {
  const { code, data } = await call('GET', '/products')
  if (code !== 0) return empty('商品没有加载出来')
  const cards = data.map((product) =>
    el(
      'article',
      { class: 'card product' },
      el('img', { src: product.icon, alt: '' }),
      el(
        'div',
        {},
        el('h2', {}, product.name),
        el('p', { class: 'soft' }, product.description),
        el('span', { class: 'price' }, `¥${yuan(product.price)}`)
      ),
      el(
        'div',
        { class: 'acts' },
        el('button', { class: 'primary', onclick: press(() => buy(product, 'balance')) }, '余额购买'),
        el('button', { class: 'quiet', onclick: press(() => buy(product, 'coupon')) }, '优惠券购买'),
        el('button', { 'aria-label': `${product.name}加入购物车`, onclick: press(() => putIn(product)) }, '＋')
      )
    )
  )
  return cards.length > 0 ? [el('div', { class: 'list' }, ...cards)] : empty('还没有商品')
}

async function buy(product, with_) {
  const answer = await call('POST', `/product/${product.id}/with_${with_}`, undefined, { 'idempotency-key': newKey() })
  if (answer.code !== 0) return explain(answer)
  say(`已购买 ${product.name}`)
  await refreshUser()
}

async function putIn(product) {
  const answer = await call('POST', '/cart', { product_id: product.id })
  if (answer.code !== 0) return answer.code === 10001 ? say('最多 99 件', true) : explain(answer)
  say(`${product.name} 已加入购物车`)
}

async function drawCart() {
  const { code, data } = await call('GET', '/cart')
  if (code !== 0) return empty('登录后查看购物车')
  if (data.length === 0) return empty('购物车是空的')
  const set = (row, num) =>
    press(async () => {
      const answer =
        num === 0
          ? await call('DELETE', `/cart/${row.product}`)
          : await call('POST', '/cart', { product_id: row.product, num })
      if (answer.code !== 0) explain(answer)
      await show('cart')
    })
  const rows = data.map((row) =>
    el(
      'article',
      { class: state.failed.has(row.product) ? 'card row failed' : 'card row' },
      el(
        'div',
        { class: 'grow' },
        el('h2', {}, row.product_name),
        el('span', { class: 'price' }, `¥${yuan(row.product_price)}`)
      ),
      el(
        'div',
        { class: 'row stepper' },
        el('button', { 'aria-label': row.num === 1 ? '移除' : '减一件', onclick: set(row, row.num - 1) }, '－'),
        el('output', {}, String(row.num)),
        el('button', { 'aria-label': '加一件', disabled: row.num >= 99, onclick: set(row, row.num + 1) }, '＋')
      )
    )
  )
  const sum = data.reduce((total, { product_price, num }) => total + product_price * num, 0)
  return [
    el('div', { class: 'list' }, ...rows),
    el(
      'div',
      { class: 'sum' },
      el('p', {}, '合计 ', el('span', { class: 'price' }, `¥${yuan(sum)}`)),
      el('button', { class: 'primary', onclick: press(() => checkOut('balance')) }, '余额结算'),
      el('button', { class: 'quiet', onclick: press(() => checkOut('coupon')) }, '优惠券结算')
    )
  ]
}

async function checkOut(with_) {
  const answer = await call('POST', `/cart/pay_with_${with_}`, undefined, { 'idempotency-key': newKey() })
  const { success = [], fail = [] } = answer.data ?? {}
  state.failed = new Set(fail.map(({ id }) => id))
  if (answer.code !== 0) explain(answer)
  else
    say(
      fail.length === 0 ? `已购买 ${success.length} 种商品` : `已购买 ${success.length} 种，${fail.length} 种没有买成`,
      fail.length > 0
    )
  await refreshUser()
  await show('cart')
}

async function drawTopUp() {
  const { code, data } = await call('GET', '/payment_items')
  if (code !== 0) return empty('没有加载出来')
  const cards = data.map((item) =>
    el(
      'article',
      { class: 'card row' },
      el('div', { class: 'grow' }, el('h2', {}, item.name), el('p', { class: 'soft' }, item.description)),
      el('button', { class: 'primary', onclick: press(() => topUp(item)) }, `付 ¥${yuan(item.money)}`)
    )
  )
  return [el('div', { class: 'list' }, ...cards), el('p', { id: 'payment', class: 'empty soft', hidden: true })]
}

async function topUp(item) {
  const answer = await call('POST', '/payment_order', { item_id: item.id })
  if (answer.code !== 0) return explain(answer)
  const { prepayid, payment_id } = answer.data
  if (!state.testing) return say('请在 App 里付款：下单参数已经返回')
  const back = `${location.origin}/?payment=${payment_id}`
  const who = sessionStorage.getItem('who')
  const query = new URLSearchParams({ prepay_id: prepayid, back, ...(who ? { who } : {}) })
  location.href = `${state.testing.cashier}?${query}`
}

/** Waits for the end of a payment after the cashier, or after the app, brought the person back. */
async function waitFor(paymentId) {
  const line = $('payment')
  const tell = (text) => {
    if (!line) return
    line.textContent = text
    line.hidden = false
  }
  for (let tries = 0; tries < 20; tries++) {
    const { code, data } = await call('GET', `/payment_order/${encodeURIComponent(paymentId)}`)
    if (code !== 0) return tell('没有这笔充值')
    if (data.status === 'paid') {
      await refreshUser()
      say('充值成功')
      return tell(`已到账：余额 ¥${yuan(data.money)}${data.charge > 0 ? `，优惠券 ¥${yuan(data.charge)}` : ''}`)
    }
    if (data.status !== 'placed') return tell('这笔充值没有成功')
    tell('等待支付结果…')
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  tell('还没有支付，稍后可以在账单里查看')
}

async function drawLedgers() {
  const [balance, coupon] = await Promise.all([call('GET', '/ledgers?type=0'), call('GET', '/ledgers?type=1')])
  if (balance.code !== 0 || coupon.code !== 0) return empty('登录后查看账单')
  const list = (title, rows) =>
    el(
      'section',
      { class: 'card' },
      el('h2', {}, title),
      rows.length === 0 ? el('p', { class: 'soft' }, '还没有记录') : el('ul', {}, ...rows.map((row) => entry(row)))
    )
  return [el('div', { class: 'ledgers' }, list('余额账单', balance.data), list('优惠券账单', coupon.data))]
}

const entry = ({ name, type, money, create_at }) =>
  el(
    'li',
    {},
    el('div', {}, `${KINDS[type] ?? type} · ${name}`, el('br'), el('small', {}, create_at)),
    el('span', { class: money < 0 ? 'money out' : 'money in' }, `${money < 0 ? '−' : '+'}¥${yuan(Math.abs(money))}`)
  )

async function start() {
  const names = Object.keys(PANELS)
  for (const name of names) $(`tab-${name}`).addEventListener('click', () => show(name))
  document.querySelector('.tabs').addEventListener('keydown', ({ key }) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key]
    if (!step) return
    const next = names[(names.indexOf(state.tab) + step + names.length) % names.length]
    $(`tab-${next}`).focus()
    void show(next)
  })
  $('sign-out').addEventListener('click', async () => {
    await call('GET', '/account/signout')
    sessionStorage.removeItem('who')
    state.user = undefined
    drawHeader()
    await show('products')
  })
  const query = new URLSearchParams(location.search)
  history.replaceState(null, '', '/')
  const testing = await call('GET', '/testing')
  if (testing.code === 0) state.testing = testing.data
  await refreshUser()
  const [failure, payment] = [query.get('signin'), query.get('payment')]
  if (failure) say(SIGN_IN_FAILURES[failure] ?? '登录没有成功', true)
  await show(payment ? 'topup' : 'products')
  if (payment) await waitFor(payment)
}

await start()
