// Plays the mini program: what a page of one does with `wx.…`, this one asks the simulator for (`/testing/act`).
import { call as callAs } from '/sign.js'
import { $, append, bubbles, el, picture, press, say, yuan } from '/ui.js'

const state = { person: undefined, session: undefined, uid: undefined, poll: undefined }
const testing = (await fetch('/testing').then((response) => response.json())).data

/** A call in the name of the customer; `undefined` when it failed, which was said. */
async function call(method, path, fields) {
  const answer = await callAs(state.session, method, path, fields)
  if (answer.code === 200) return answer
  say(answer.msg, true)
  return undefined
}

/** What the person does in WeChat. */
async function act(verb, ...args) {
  const body = JSON.stringify({ who: state.person.id, verb, args })
  const response = await fetch('/testing/act', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body
  })
  return (await response.json()).data
}

/** `wx.requestPayment`: the cashier of the simulator checks the signature first. The document's `timeStamp` is a number. */
async function requestPayment(params) {
  if (!globalThis.WeixinJSBridge) {
    await new Promise((resolve, reject) => {
      const script = Object.assign(document.createElement('script'), {
        src: testing.jssdk,
        onload: resolve,
        onerror: reject
      })
      document.head.append(script)
    })
  }
  const given = { ...params, timeStamp: String(params.timeStamp) }
  return new Promise((resolve) => {
    globalThis.WeixinJSBridge.invoke('getBrandWCPayRequest', given, ({ err_msg }) => resolve(err_msg.endsWith(':ok')))
  })
}

const NAV = { card: '名片', products: '产品', website: '官网', chat: '聊天' }
const VIEWS = { card: showCard, products: showProducts, website: showWebsite, chat: showChat }

function draw(title, nodes, { back, tab } = {}) {
  state.poll?.abort()
  state.poll = undefined
  $('title').textContent = title
  $('back').hidden = !back
  $('back').onclick = back ?? null
  $('screen').className = 'screen'
  $('screen').replaceChildren(...nodes)
  $('nav').hidden = tab === undefined
  $('nav').replaceChildren(
    ...Object.entries(NAV).map(([name, label]) =>
      el(
        'button',
        { type: 'button', 'aria-current': name === tab ? 'page' : false, onclick: () => VIEWS[name]() },
        label
      )
    )
  )
}

// ---- who, and whose customer ------------------------------------------------------------------------------------------

function showPeople() {
  Object.assign(state, { person: undefined, session: undefined })
  $('who').textContent = ''
  draw('选择一个人', [
    el('p', { class: 'soft' }, '代替 wx.login：以谁的身份打开小程序？'),
    ...testing.people.map((person) =>
      el(
        'button',
        { type: 'button', class: 'primary', onclick: press(() => logIn(person)) },
        `以${person.nickname}登录`
      )
    )
  ])
}

async function logIn(person) {
  state.person = person
  const code = await act('login')
  const answer = await call('GET', '/xiaochengxu/login', {
    code,
    user_type: 2,
    source: 1,
    xiaochengxu_id: testing.mini
  })
  if (!answer) return
  state.session = answer.data.ret_data
  $('who').textContent = person.nickname
  const profile = {
    username: person.nickname,
    headimgurl: '',
    city: '北京',
    country: '中国',
    province: '北京',
    language: 'zh_CN'
  }
  await call('POST', '/xiaochengxu/login/send_user_info', profile)
  // The page was opened by a scanned code, e.g. /#u=1&p=2.
  const scene = new URLSearchParams(location.hash.slice(1))
  if (scene.get('u')) return bind(scene.get('u'), scene.get('p') ?? '')
  await showCards()
}

async function bind(uid, pid = '') {
  const own = pid === String(state.session.user_id)
  const fields = { user_type: 2, source: 1, uid, ...(pid && !own ? { pid } : {}) }
  if (!(await call('GET', '/xiaochengxu/login/binding', fields))) return
  state.uid = Number(uid)
  await showCard()
}

async function showCards() {
  const answer = await call('GET', '/xiaochengxu/mingpian/all')
  if (!answer) return
  const cards = answer.data.ret_data.map(({ id, avatar, username, position, company, source }) =>
    el(
      'button',
      { type: 'button', class: 'item', onclick: () => open(id) },
      picture(avatar, '', 'face'),
      el('span', { class: 'grow' }, el('b', {}, username), el('small', {}, `${company} · ${position}`)),
      el('small', {}, source)
    )
  )
  const known = answer.data.ret_data.map(({ id }) => id)
  const codes = testing.members
    .filter(({ id }) => !known.includes(id))
    .map(({ id, username }) =>
      el('button', { type: 'button', onclick: press(() => bind(id)) }, `扫${username}的名片码`)
    )
  const none = cards.length === 0 ? [el('p', { class: 'soft' }, '还没有名片。扫一张试试：')] : []
  draw('我的名片夹', [...none, ...cards, ...codes], { back: showPeople })
}

async function open(id) {
  state.uid = id
  await showCard()
}

// ---- the card ---------------------------------------------------------------------------------------------------------

async function showCard() {
  const { uid } = state
  const answer = await call('GET', '/xiaochengxu/mingpian', { uid })
  if (!answer) return
  const [card] = answer.data.ret_data
  const did = (path, words) =>
    press(async () => (await call('GET', `/xiaochengxu/mingpian/${path}`, { uid })) && say(words))
  const toggle = (path) =>
    press(async () => (await call('GET', `/xiaochengxu/mingpian/${path}`, { uid })) && showCard())
  const action = (label, onclick, pressed) => el('button', { type: 'button', onclick, 'aria-pressed': pressed }, label)
  draw(
    card.username,
    [
      el(
        'div',
        { class: 'card hero' },
        picture(card.mingpian_avatar, card.username, 'portrait'),
        el('h3', {}, card.username),
        el('p', {}, `${card.position} · ${card.company}`),
        el('dl', {}, ...pairs({ 手机: card.mingpian_phone, 微信: card.wechat, 邮箱: card.email, 地址: card.address }))
      ),
      el('p', { class: 'numbers' }, `人气 ${card.popularity_num} · 靠谱 ${card.praise_num} · 转发 ${card.forward_num}`),
      el(
        'div',
        { class: 'actions' },
        action('打电话', did('calling', `正在拨打 ${card.mingpian_phone}`)),
        action('存微信', did('save_wechat', '微信号已复制')),
        action(card.is_praise ? '已觉得靠谱' : '靠谱', toggle('praise'), String(card.is_praise)),
        action('转发', toggle('forward')),
        action('海报', press(showPoster))
      ),
      el(
        'div',
        { class: 'card row' },
        el('q', { class: 'grow' }, card.sign),
        action(`赞签名 ${card.sign_num}`, toggle('up_sign'), String(card.is_sign))
      ),
      el('div', { class: 'photos' }, ...card.photo.map(({ photo_url }) => picture(photo_url, '照片')))
    ],
    { tab: 'card', back: showCards }
  )
}

const pairs = (fields) =>
  Object.entries(fields)
    .filter(([, value]) => value)
    .flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)])

async function showPoster() {
  const answer = await call('GET', '/xiaochengxu/mingpian/save_poster', { uid: state.uid })
  if (!answer) return
  const { poster_url } = answer.data
  draw(
    '名片海报',
    [
      picture(poster_url, '名片海报', 'poster'),
      el('a', { class: 'button primary', href: `/${poster_url}`, download: 'poster.png' }, '保存海报')
    ],
    { tab: 'card', back: showCard }
  )
}

// ---- products, goods, website -----------------------------------------------------------------------------------------

async function showProducts() {
  const answer = await call('GET', '/xiaochengxu/product/product_list', { uid: state.uid })
  if (!answer) return
  const products = answer.data.ret_data.map(({ id, name, price, reason, status, content }) =>
    el(
      'button',
      { type: 'button', class: 'item', onclick: () => showProduct(id) },
      picture(content.cover_data[0]?.data[0] ?? 'statics/imgs/setAvator.svg', '', 'thumb'),
      el('span', { class: 'grow' }, el('b', {}, name), el('small', {}, reason), el('small', { class: 'price' }, price)),
      el('small', {}, status)
    )
  )
  const goods = testing.goods.map(({ id, name, price_fen }) =>
    el(
      'div',
      { class: 'item' },
      el('span', { class: 'grow' }, el('b', {}, name), el('small', { class: 'price' }, `¥${yuan(price_fen)}`)),
      el(
        'button',
        { type: 'button', class: 'primary', 'aria-label': `购买 ${name}`, onclick: press(() => buy(id)) },
        '购买'
      )
    )
  )
  draw('产品', [...products, el('h3', {}, '商城'), ...goods], { tab: 'products', back: showCards })
}

async function buy(goodsId) {
  const fields = { u_id: state.session.user_id, goodsId, xiaochengxu_id: testing.mini }
  const order = await call('POST', '/xiaochengxu/yuZhiFu', fields)
  if (!order) return
  if (!(await requestPayment(order.data))) return say('没有支付')
  // The phone says so; what counts is the server.
  for (let i = 0; i < 10; i++) {
    const answer = await call('GET', '/xiaochengxu/order_status')
    if (answer?.data.status === 'paid') return say(`已购买 ${answer.data.name}`)
    await new Promise((resolve) => setTimeout(resolve, 1000))
  }
  say('支付结果稍后到账')
}

async function showProduct(product_id) {
  const fields = { uid: state.uid, product_id }
  const answer = await call('GET', '/xiaochengxu/product/product_single', fields)
  if (!answer) return
  const [product] = answer.data.ret_data
  const parts = [...product.content.cover_data, ...product.content.article_data].flatMap(({ type, data }) =>
    data.map((one) => (type === 'picture_url' ? picture(one, '') : el(type === 'title' ? 'h3' : 'p', {}, one)))
  )
  const consult = press(async () => (await call('GET', '/xiaochengxu/product/consult_product', fields)) && showChat())
  const forward = press(
    async () => (await call('GET', '/xiaochengxu/product/forward_product', fields)) && say('已转发')
  )
  draw(
    product.name,
    [
      el('p', { class: 'price' }, product.price),
      el('p', { class: 'soft' }, product.reason),
      ...parts,
      el(
        'div',
        { class: 'row' },
        el('button', { type: 'button', class: 'primary grow', onclick: consult }, '咨询'),
        el('button', { type: 'button', onclick: forward }, '转发')
      )
    ],
    { tab: 'products', back: showProducts }
  )
}

async function showWebsite() {
  const answer = await call('GET', '/xiaochengxu/website', { uid: state.uid })
  if (!answer) return
  const { cover_picture, content_picture } = answer.data.ret_data
  const pictures = [...cover_picture, ...content_picture].map(({ picture_url }) => picture(picture_url, ''))
  draw('官网', pictures.length ? pictures : [el('p', { class: 'soft' }, '还没有内容')], {
    tab: 'website',
    back: showCards
  })
}

// ---- chat -------------------------------------------------------------------------------------------------------------

async function showChat() {
  const { uid, session } = state
  const list = el('ul', { class: 'chat', 'aria-label': '聊天' })
  const input = el('input', { name: 'msg', placeholder: '说点什么', 'aria-label': '消息', autocomplete: 'off' })
  const send = async (event) => {
    event.preventDefault()
    const msg = input.value.trim()
    if (!msg) return
    const fields = { customer_id: session.user_id, user_id: uid, send_type: 2, content: { info_type: 1, msg } }
    if (await call('POST', '/qiyeweixin/chat/send_msg/0', fields)) input.value = ''
  }
  draw(
    '聊天',
    [
      list,
      el(
        'div',
        { class: 'row tools' },
        el('button', { type: 'button', class: 'quiet', onclick: press(givePhone) }, '提供手机号'),
        el('button', { type: 'button', class: 'quiet', onclick: press(subscribe) }, '订阅回复提醒')
      ),
      el(
        'form',
        { class: 'row', onsubmit: send },
        el('label', { class: 'grow' }, input),
        el('button', { class: 'primary' }, '发送')
      )
    ],
    { tab: 'chat', back: showCards }
  )
  $('screen').className = 'screen talk'
  const poll = new AbortController()
  state.poll = poll
  // Once what was there before, then only what is new: nothing comes twice.
  const shown = new Set()
  const show = (messages) => {
    const fresh = messages.filter(({ id }) => !shown.has(id))
    for (const { id } of fresh) shown.add(id)
    append(list, bubbles(fresh, 2))
  }
  const before = await call('GET', '/qiyeweixin/chat', { u_id: uid, length: 50 })
  if (before) show(before.data)
  while (!poll.signal.aborted) {
    const answer = await callAs(session, 'GET', '/qiyeweixin/chat/getmsg/0', { u_id: uid, wait: 20 }, poll.signal)
    if (answer.code === 200) show(answer.data)
    else if (!poll.signal.aborted) await new Promise((resolve) => setTimeout(resolve, 2000))
  }
}

/** The phone number button. */
async function givePhone() {
  const { encryptedData, iv } = await act('encryptedPhone')
  const fields = { u_id: state.uid, encryptedData, iv }
  if (await call('POST', '/xiaochengxu/chat/encrypted_phone_number/0', fields)) say('手机号已提供')
}

/** `wx.requestSubscribeMessage`. */
async function subscribe() {
  await act('subscribe', testing.template)
  if (await call('POST', '/xiaochengxu/login/subscribed', { template_id: testing.template })) say('已订阅')
}

showPeople()
