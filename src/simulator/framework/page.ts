import { randomBytes } from 'node:crypto'

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;'
}

/** Text inside of HTML or of an attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}

const STYLE = `
*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;background:#ededed;color:#191919;
font:16px/1.5 -apple-system,"PingFang SC","Hiragino Sans GB","Microsoft YaHei",system-ui,sans-serif}
main{width:min(26rem,calc(100vw - 2rem));background:#fff;border-radius:16px;padding:2rem 1.5rem;box-shadow:0 8px 32px #0001;text-align:center}
.mark{width:64px;height:64px;border-radius:14px;background:#07c160;color:#fff;display:grid;place-items:center;font-size:28px;margin:0 auto 1rem}
h1{font-size:1.15rem;margin:0 0 .25rem}p{margin:.25rem 0;color:#737373;font-size:.875rem}
ul{list-style:none;margin:1.25rem 0;padding:0;text-align:left;border-top:1px solid #eee}
li{padding:.6rem 0;border-bottom:1px solid #eee;font-size:.9rem}
form{display:grid;gap:.6rem;margin-top:1rem}label{display:flex;gap:.6rem;align-items:center;padding:.5rem .75rem;border:1px solid #eee;border-radius:10px;text-align:left;cursor:pointer}
label:has(input:checked){border-color:#07c160;background:#f2fbf6}
button{font:inherit;border:0;border-radius:10px;padding:.75rem;cursor:pointer}
button.yes{background:#07c160;color:#fff;font-weight:600}button.no{background:#f2f2f2;color:#07c160}
button:focus-visible,label:focus-within{outline:2px solid #576b95;outline-offset:2px}
img{width:10rem;height:10rem;image-rendering:pixelated;margin:0 auto 1rem;display:block}
.price{font-size:2rem;font-weight:600;color:inherit;margin:.5rem 0}dl{display:grid;grid-template-columns:auto 1fr;gap:.35rem 1rem;margin:1rem 0 0;text-align:left;font-size:.875rem}dt{color:#737373}dd{margin:0;word-break:break-all;text-align:right}
.back{display:inline-block;margin-top:1rem;color:#576b95}input[type=text],textarea{font:inherit;width:100%;padding:.6rem .75rem;border:1px solid #ddd;border-radius:10px;background:transparent;color:inherit}
footer{margin-top:1.25rem;font-size:.75rem;color:#b2b2b2}code{font-size:.8rem;word-break:break-all}
@media(prefers-color-scheme:dark){body{background:#111;color:#d6d6d6}main{background:#1e1e1e}ul,li,label{border-color:#333}label:has(input:checked){background:#16281e}button.no{background:#2c2c2c}}
`

/** Pages of this machine may show a page of the simulator in a frame; pages elsewhere may not. */
const FRAMES = [
  "'self'",
  ...['http', 'https'].flatMap((scheme) =>
    ['localhost', '*.localhost', '127.0.0.1'].map((host) => `${scheme}://${host}:*`)
  )
].join(' ')

export interface PageOptions {
  readonly status?: number
  /** Runs in the page. */
  readonly script?: string
  /** Origins besides those of this machine that may frame the page. */
  readonly frames?: readonly string[]
  readonly headers?: Readonly<Record<string, string>>
}

/** A page of the platform: self-contained, and it says that it is simulated. */
export function htmlPage(title: string, content: string, options: PageOptions = {}): Response {
  const { status = 200, script, frames = [], headers } = options
  const nonce = script === undefined ? undefined : randomBytes(16).toString('base64')
  const code = script === undefined ? '' : `<script nonce="${nonce}">${script}</script>`
  const html = `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<link rel="icon" href="data:,"><meta name="robots" content="noindex"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body><main>${content}<footer>weixin-kit 模拟器 · simulator — 非真实微信 · not WeChat</footer></main>${code}</body></html>`
  return new Response(html, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; img-src data: blob:${nonce === undefined ? '' : `; script-src 'nonce-${nonce}'`}; frame-ancestors ${[FRAMES, ...frames].join(' ')}`,
      'cache-control': 'no-store',
      ...headers
    }
  })
}

/** Radio buttons to choose who is sitting at the screen. */
export function userChoice(users: readonly { id: string; nickname: string }[]): string {
  return users
    .map(
      ({ id, nickname }, i) =>
        `<label><input type="radio" name="simulator_user" value="${escapeHtml(id)}"${i === 0 ? ' checked' : ''}><span>${escapeHtml(nickname)} <code>${escapeHtml(id)}</code></span></label>`
    )
    .join('')
}
