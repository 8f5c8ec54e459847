const $ = (id) => document.getElementById(id)
const yuan = (fen) => (fen / 100).toFixed(2)
const state = { tab: 'recharge', page: 1, rows: 0, startedAt: undefined }

/** One call. Errors are shown as the server words them; -1 and 0 lead to the two logins. */
async function call(path, body) {
  const init =
    body === undefined
      ? {}
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const response = await fetch(path, init).catch(() => undefined)
  const answer = await response?.json().catch(() => undefined)
  if (answer?.success) return answer
  if (answer?.result === -1) show('outside')
  else if (answer?.result === 0) await toLogin()
  else say(answer?.error ?? '网络不通，请稍后再试', true)
  return undefined
}

function say(text, isBad = false) {
  const said = $('said')
  said.textContent = text
  said.classList.toggle('bad', isBad)
  said.hidden = false
  clearTimeout(say.timer)
  say.timer = setTimeout(() => (said.hidden = true), 4000)
}

function show(name) {
  for (const id of ['outside', 'login', 'home']) $(id).hidden = id !== name
}

const scripts = fetch('/scripts.json').then((response) => response.json())
const loaded = {}
function load(name) {
  loaded[name] ??= scripts.then(
    (addresses) =>
      new Promise((resolve, reject) => {
        const script = Object.assign(document.createElement('script'), {
          src: addresses[name],
          onload: resolve,
          onerror: reject
        })
        document.head.append(script)
      })
  )
  return loaded[name]
}

// ---- login ------------------------------------------------------------------------------------------------------

let captcha
async function toLogin() {
  show('login')
  await newCaptcha()
}

async function newCaptcha() {
  const answer = await call('/wechat/geetest')
  if (!answer) return
  await load('geetest')
  const { gt, challenge, new_captcha, success } = answer.result
  globalThis.initGeetest({ gt, challenge, new_captcha, offline: !success, product: 'float', width: '100%' }, (made) => {
    captcha?.destroy?.()
    captcha = made
    $('captcha').replaceChildren()
    made.appendTo('#captcha')
  })
}

$('send').onclick = async () => {
  const solved = captcha?.getValidate()
  if (!solved) return say('请先完成验证', true)
  const sent = await call('/wechat/captcha', { mobile: $('login').mobile.value.trim(), ...solved })
  await newCaptcha()
  if (!sent) return
  say('验证码已发送')
  let seconds = 60
  $('send').disabled = true
  const timer = setInterval(() => {
    $('send').textContent = seconds > 0 ? `${seconds--} 秒` : '获取验证码'
    if (seconds >= 0) return
    clearInterval(timer)
    $('send').disabled = false
  }, 1000)
}

$('login').onsubmit = async (event) => {
  event.preventDefault()
  const { mobile, code } = $('login')
  if (await call('/wechat/login', { mobile: mobile.value.trim(), code: code.value.trim() })) await toHome()
}

// ---- home -------------------------------------------------------------------------------------------------------

async function toHome() {
  const answer = await call('/wechat/user')
  if (!answer) return
  const { nick_name, mobile, balance_account, total_account, used_account } = answer.result
  $('who').textContent = nick_name || mobile.replace(/^(\d{3})\d{4}/, '$1****')
  $('balance').textContent = yuan(balance_account)
  $('totals').textContent = `累计充值 ${yuan(total_account)}，累计消费 ${yuan(used_account)}`
  show('home')
  await Promise.all([showRunning(), showList(1), configure()])
}

async function showRunning() {
  const running = (await call('/wechat/device/running'))?.result
  $('idle').hidden = Boolean(running)
  $('running').hidden = !running
  clearInterval(showRunning.timer)
  if (!running) return
  $('place').textContent = `${running.location}，${yuan(running.price_per_minute)} 元/分钟`
  const startedAt = new Date(`${running.ctime.replace(' ', 'T')}+08:00`).getTime()
  const tick = () => {
    const seconds = Math.max(0, Math.floor((Date.now() - startedAt) / 1000))
    $('timer').textContent = [Math.floor(seconds / 60), seconds % 60]
      .map((part) => String(part).padStart(2, '0'))
      .join(':')
  }
  tick()
  showRunning.timer = setInterval(tick, 1000)
}

let configured
function configure() {
  configured ??= load('jssdk').then(async () => {
    const answer = await call('/wechat/jsapi/signature', { url: location.href.split('#')[0] })
    if (!answer) return
    globalThis.wx.config({ ...answer.result, debug: false })
    globalThis.wx.error(({ errMsg }) => say(errMsg, true))
  })
  return configured
}

async function recharge(fen) {
  const order = await call(`/wechat/recharge/${fen}`)
  if (!order) return
  await load('jssdk')
  globalThis.WeixinJSBridge.invoke('getBrandWCPayRequest', order.pay_params, async ({ err_msg }) => {
    if (!err_msg.endsWith(':ok')) return say('没有支付')
    // The client says so; what counts is the server.
    for (let i = 0; i < 10; i++) {
      const status = await call(`/wechat/recharge/status/${order.recharge_id}`)
      if (status?.result === 'paid') {
        say('充值成功')
        return toHome()
      }
      await new Promise((resolve) => setTimeout(resolve, 1000))
    }
    say('支付结果稍后到账')
  })
}

for (const button of document.querySelectorAll('[data-fen]')) button.onclick = () => recharge(button.dataset.fen)
$('own').onsubmit = (event) => {
  event.preventDefault()
  const text = $('own').yuan.value.trim()
  if (!/^\d{1,4}(\.\d{1,2})?$/.test(text) || Number(text) === 0) return say('请输入正确的金额', true)
  recharge(Math.round(Number(text) * 100))
}

async function start(device_id) {
  if (await call('/wechat/device/start', { device_id })) await showRunning()
}
$('device').onsubmit = (event) => {
  event.preventDefault()
  start($('device').device_id.value.trim())
}
$('scan').onclick = () => {
  globalThis.wx.scanQRCode({
    needResult: 1,
    scanType: ['qrCode'],
    // The code of a device is https://…/d/A001.
    success: ({ resultStr }) => start(resultStr.split('/').pop()),
    fail: ({ errMsg }) => say(errMsg, true)
  })
}
$('stop').onclick = async () => {
  const answer = await call('/wechat/device/stop', {})
  if (!answer) return
  say(`消费 ${yuan(answer.result.cost_money)} 元`)
  select('expense')
  await toHome()
}

// ---- statements -------------------------------------------------------------------------------------------------

function select(tab) {
  state.tab = tab
  for (const name of ['recharge', 'expense']) $(`tab-${name}`).setAttribute('aria-selected', String(name === tab))
}

async function showList(page) {
  const { from, to } = $('filter')
  const filter = {
    ...(from.value ? { start_time: `${from.value} 00:00:00` } : {}),
    ...(to.value ? { end_time: `${to.value} 23:59:59` } : {})
  }
  const answer = await call(`/wechat/${state.tab}/list`, { page, size: 10, ...filter })
  if (!answer) return
  const { total, data } = answer.result
  if (page === 1) $('list').replaceChildren()
  $('list').append(...data.map(state.tab === 'recharge' ? rechargeRow : expenseRow))
  if (total === 0) $('list').append(row('还没有记录', '', ''))
  state.page = page
  $('more').hidden = $('list').children.length >= total
}

const rechargeRow = ({ pay_time, amount }) => row('微信充值', pay_time, `+${yuan(amount)}`)
const expenseRow = ({ location, ctime, end_time, cost_money, cost_time }) =>
  row(location, end_time ? `${ctime}，${cost_time} 分钟` : `${ctime}，使用中`, `-${yuan(cost_money)}`)

function row(title, detail, amount) {
  const item = document.createElement('li')
  const text = Object.assign(document.createElement('div'), { className: 'grow' })
  text.append(
    title,
    document.createElement('br'),
    Object.assign(document.createElement('small'), { textContent: detail })
  )
  item.append(text, Object.assign(document.createElement('b'), { textContent: amount }))
  return item
}

for (const tab of ['recharge', 'expense']) {
  $(`tab-${tab}`).onclick = () => {
    select(tab)
    showList(1)
  }
}
$('filter').onchange = () => showList(1)
$('more').onclick = () => showList(state.page + 1)

if (await call('/wechat/check')) await toHome()
