// The side of the company: customers, chat, what customers did, classes of goods, settings of the shop.
import { call as callAs } from '/sign.js'
import { $, append, bubbles, el, picture, press, say } from '/ui.js'

const KINDS = {
  card: '看了名片',
  call: '打了电话',
  save_wechat: '存了微信',
  praise: '点了靠谱',
  forward: '转发了名片',
  sign: '赞了签名',
  phone: '提供了手机号',
  product: '看了产品',
  forward_product: '转发了产品',
  consult: '咨询了产品'
}
const state = { session: undefined, poll: undefined }

async function call(method, path, fields) {
  const answer = await callAs(state.session, method, path, fields)
  if (answer.code === 200) return answer
  say(answer.msg, true)
  return undefined
}

$('login').onsubmit = async (event) => {
  event.preventDefault()
  const { name, password } = $('login').elements
  const answer = await call('POST', '/qiyeweixin/login', { name: name.value.trim(), password: password.value })
  if (!answer) return
  state.session = answer.data.ret_data
  $('who').textContent = name.value.trim()
  $('login').hidden = true
  $('desk').hidden = $('out').hidden = false
  await show('customers')
}
$('out').onclick = () => location.reload()

const TABS = { customers: showCustomers, events: showEvents, classes: showClasses, settings: showSettings }
for (const name of Object.keys(TABS)) $(`tab-${name}`).onclick = () => show(name)

async function show(name) {
  state.poll?.abort()
  for (const other of Object.keys(TABS)) $(`tab-${other}`).setAttribute('aria-selected', String(other === name))
  await TABS[name]()
}
const draw = (...nodes) => $('panel').replaceChildren(...nodes)
const empty = (text) => el('p', { class: 'soft' }, text)

async function showCustomers() {
  const answer = await call('GET', '/qiyeweixin/customers')
  if (!answer) return
  const talk = el('div', { class: 'card talk', id: 'talk' }, empty('选一位客户开始聊天'))
  const rows = answer.data.ret_data.map((customer) => {
    const { username, customer_id, phone, source, headimgurl, chatinfo_count, create_date } = customer
    const name = username || `客户${customer_id}`
    return el(
      'button',
      { type: 'button', class: 'item', onclick: () => openChat(talk, customer_id, name) },
      picture(headimgurl || 'statics/imgs/setAvator.svg', '', 'face'),
      el(
        'span',
        { class: 'grow' },
        el('b', {}, name),
        el('small', {}, phone || '未提供手机号'),
        el('small', {}, `${source} · ${create_date.slice(0, 10)}`)
      ),
      chatinfo_count > 0
        ? el('b', { class: 'badge', 'aria-label': `${chatinfo_count} 条未读` }, chatinfo_count)
        : undefined
    )
  })
  const list = el('div', { class: 'stack' }, ...(rows.length > 0 ? rows : [empty('还没有客户：请客户扫名片码')]))
  draw(el('div', { class: 'two' }, list, talk))
}

async function openChat(talk, customer_id, name) {
  const { session } = state
  const list = el('ul', { class: 'chat', 'aria-label': `与${name}的聊天` })
  const input = el('input', { name: 'msg', placeholder: '回复', 'aria-label': '回复', autocomplete: 'off' })
  const sendContent = (content) =>
    call('POST', '/qiyeweixin/chat/send_msg/0', { customer_id, user_id: session.user_id, send_type: 1, content })
  const onsubmit = async (event) => {
    event.preventDefault()
    const msg = input.value.trim()
    if (msg && (await sendContent({ info_type: 1, msg }))) input.value = ''
  }
  const ask = press(() => sendContent({ info_type: 3, msg: '您好,请问能否告诉我您的手机号?' }))
  talk.replaceChildren(
    el('h2', {}, name),
    list,
    el('div', { class: 'row tools' }, el('button', { type: 'button', class: 'quiet', onclick: ask }, '索要手机号')),
    el(
      'form',
      { class: 'row', onsubmit },
      el('label', { class: 'grow' }, input),
      el('button', { class: 'primary' }, '发送')
    )
  )
  state.poll?.abort()
  const poll = new AbortController()
  state.poll = poll
  const shown = new Set()
  const show = (messages) => {
    const fresh = messages.filter(({ id }) => !shown.has(id))
    for (const { id } of fresh) shown.add(id)
    append(list, bubbles(fresh, 1))
  }
  const before = await call('GET', '/qiyeweixin/chat', { customer_id, length: 50 })
  if (before) show(before.data)
  while (!poll.signal.aborted) {
    const answer = await callAs(session, 'GET', '/qiyeweixin/chat/getmsg/0', { customer_id, wait: 20 }, poll.signal)
    if (answer.code === 200) show(answer.data)
    else if (!poll.signal.aborted) await new Promise((resolve) => setTimeout(resolve, 2000))
  }
}

async function showEvents() {
  const answer = await call('GET', '/qiyeweixin/events')
  if (!answer) return
  const rows = answer.data.ret_data.map(({ username, customer_id, kind, create_date }) =>
    el(
      'li',
      { class: 'item' },
      el('span', { class: 'grow' }, `${username || `客户${customer_id}`} ${KINDS[kind] ?? kind}`),
      el('small', {}, create_date.slice(5, 16).replace('T', ' '))
    )
  )
  draw(rows.length > 0 ? el('ul', { class: 'list' }, ...rows) : empty('还没有动态'))
}

async function showClasses() {
  const answer = await call('GET', '/xiaochengxu/goodsClassShow')
  if (!answer) return
  const remove = (id) =>
    press(async () => (await call('POST', `/xiaochengxu/goodsClassOper/delete/${id}`, { o_id: id })) && showClasses())
  const row = ({ id, name }, isChild) =>
    el(
      'li',
      { class: isChild ? 'item child' : 'item' },
      el('span', { class: 'grow' }, name),
      el('button', { type: 'button', 'aria-label': `删除 ${name}`, onclick: remove(id) }, '删除')
    )
  const rows = answer.data.flatMap((one) => [row(one, false), ...one.children.map((child) => row(child, true))])
  const name = el('input', { 'aria-label': '分类名称', placeholder: '分类名称', maxlength: '30' })
  const parent = el(
    'select',
    { 'aria-label': '上级分类' },
    el('option', { value: '' }, '一级分类'),
    ...answer.data.map((one) => el('option', { value: one.id }, `${one.name} 之下`))
  )
  const onsubmit = async (event) => {
    event.preventDefault()
    const fields = { classificationName: name.value.trim(), goodsNum: 0, parentClassification: parent.value }
    if (await call('POST', '/xiaochengxu/goodsClassOper/add/0', fields)) await showClasses()
  }
  draw(
    el(
      'form',
      { class: 'row wrap card', onsubmit },
      el('label', { class: 'grow' }, name),
      el('label', {}, parent),
      el('button', { class: 'primary' }, '添加')
    ),
    el('ul', { class: 'list' }, ...rows)
  )
}

function showSettings() {
  const field = (label, name, more = {}) => el('label', {}, label, el('input', { name, autocomplete: 'off', ...more }))
  const form = el(
    'form',
    { class: 'card stack narrow' },
    el('h2', {}, '商城与商户'),
    empty('留空的项目保持不变。秘钥只写不读。'),
    field('商城名称', 'shangChengName', { maxlength: '60' }),
    field('商户号', 'shangHuHao', { inputmode: 'numeric', maxlength: '30' }),
    field('商户秘钥（API v2，32 位）', 'shangHuMiYao', { type: 'password', maxlength: '32' }),
    el('button', { class: 'primary' }, '保存')
  )
  form.onsubmit = async (event) => {
    event.preventDefault()
    const answer = await call(
      'POST',
      '/xiaochengxu/jiChuSheZhiOper/addOrUpdate',
      Object.fromEntries(new FormData(form))
    )
    if (answer) say(answer.msg)
  }
  draw(form)
}
