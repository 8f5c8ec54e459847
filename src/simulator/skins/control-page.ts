import { randomBytes } from 'node:crypto'
import type { Simulator } from '../simulator.ts'

const STYLE = `
:root{color-scheme:light dark;--line:#8883;--green:#07c160}*{box-sizing:border-box}
body{margin:0;font:15px/1.5 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;display:grid;grid-template-columns:minmax(18rem,24rem) 1fr;min-height:100vh}
aside{border-right:1px solid var(--line);padding:1.25rem}main{padding:1.25rem;min-width:0}h1{font-size:1.1rem;margin:0 0 1rem}h2{font-size:.8rem;text-transform:uppercase;opacity:.6;margin:1.25rem 0 .5rem}
form{display:grid;gap:.5rem}input,select,textarea,button{font:inherit;padding:.45rem .6rem;border:1px solid var(--line);border-radius:8px;width:100%;background:transparent;color:inherit}
textarea{font-family:ui-monospace,monospace;font-size:.85rem;min-height:4rem}button{background:var(--green);border:0;color:#fff;cursor:pointer}button:focus-visible,input:focus-visible,select:focus-visible,textarea:focus-visible{outline:2px solid var(--green);outline-offset:1px}
pre{white-space:pre-wrap;word-break:break-word;background:#8881;padding:.6rem;border-radius:8px;font-size:.8rem;max-height:14rem;overflow:auto}
table{border-collapse:collapse;width:100%;font-size:.8rem;font-family:ui-monospace,monospace}td{border-bottom:1px solid var(--line);padding:.3rem .4rem;vertical-align:top;word-break:break-word}
td:first-child{white-space:nowrap}td:nth-child(2){width:45%}td.bad{color:#e64340}td small{opacity:.65;display:block}@media(max-width:50rem){body{grid-template-columns:1fr}aside{border-right:0;border-bottom:1px solid var(--line)}}
`

const SCRIPT = `
const $ = (id) => document.getElementById(id)
const call = async (path, body) => {
  const init = body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  return (await fetch('/-/' + path, init)).json()
}
const option = (value, label) => Object.assign(document.createElement('option'), { value, textContent: label ?? value })
const people = async (chosen) => {
  const { users, verbs } = await call('users')
  const now = chosen ?? $('who').value
  $('who').replaceChildren(...users.map((user) => option(user.id, user.nickname + ' · ' + user.id)))
  if (now) $('who').value = now
  if ($('verb').options.length === 0) { $('verb').replaceChildren(...verbs.map((verb) => option(verb))); $('verb').value = 'send' }
}
$('add').onsubmit = async (event) => {
  event.preventDefault()
  const made = await call('users', $('name').value ? { nickname: $('name').value } : {})
  $('name').value = ''
  await people(made.id)
}
$('act').onsubmit = async (event) => {
  event.preventDefault()
  let args
  try { args = JSON.parse('[' + $('args').value + ']') } catch { $('result').textContent = 'JSON?'; return }
  $('result').textContent = '…'
  const answer = await call('users/' + encodeURIComponent($('who').value) + '/' + $('verb').value, args)
  const { result } = answer
  // What the application replied is what one wants to see first.
  const shown = result && result.reply ? { reply: result.reply, ...result } : answer
  $('result').textContent = JSON.stringify(shown, null, 2)
}
let last = 0
const cell = (text, note, bad) => {
  const td = document.createElement('td')
  td.textContent = text
  if (bad) td.className = 'bad'
  if (note) td.append(Object.assign(document.createElement('small'), { textContent: note }))
  return td
}
const poll = async () => {
  try {
    for (const entry of await call('log?after=' + last)) {
      last = Math.max(last, entry.id)
      const row = document.createElement('tr')
      const bad = entry.status === undefined || entry.status >= 400 || /"errcode":-?[1-9]/.test(entry.responseBody)
      row.append(
        cell(new Date(entry.time).toLocaleTimeString([], { hour12: false })),
        cell((entry.direction === 'in' ? '→ ' : '← ') + entry.method + ' ' + entry.url.split('?')[0].replace('https://', ''), [...entry.verified, entry.note ?? ''].filter(Boolean).join(' · ')),
        cell(String(entry.status ?? '—'), entry.responseBody.slice(0, 160), bad)
      )
      $('log').prepend(row)
      while ($('log').rows.length > 200) $('log').deleteRow(-1)
    }
  } catch {}
  setTimeout(poll, 1000)
}
people().then(poll)
`

/** @internal The page of a running simulator: act as a person, watch the log. */
export function controlPage(simulator: Simulator): Response {
  if (simulator.context.users.all().length === 0) simulator.user('user-1')
  const nonce = randomBytes(16).toString('base64')
  const html = `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>weixin-kit simulator</title><link rel="icon" href="data:,"><style>${STYLE}</style></head><body>
<aside><h1>weixin-kit 模拟器 · simulator</h1>
<h2>用户 · Person</h2><form id="act"><label>谁 · who<select id="who"></select></label><label>做什么 · does<select id="verb"></select></label>
<label>参数 · arguments (JSON)<textarea id="args" spellcheck="false">"你好"</textarea></label><button>执行 · Do it</button></form><pre id="result" aria-live="polite"></pre>
<h2>新用户 · New person</h2><form id="add"><input id="name" placeholder="昵称 · nickname" aria-label="昵称 · nickname"><button>添加 · Add</button></form></aside>
<main><h2>日志 · Log</h2><table><tbody id="log"></tbody></table></main>
<script nonce="${nonce}">${SCRIPT}</script></body></html>`
  return new Response(html, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-${nonce}'; connect-src 'self'; img-src data:; frame-ancestors 'none'`,
      'cache-control': 'no-store'
    }
  })
}
