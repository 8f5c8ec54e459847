const STYLE = `
*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;background:#f4f5f7;color:#191919;
font:16px/1.6 -apple-system,"PingFang SC","Microsoft YaHei",system-ui,sans-serif}
main{width:min(24rem,calc(100vw - 2rem));padding:2.5rem 2rem;border-radius:16px;background:#fff;box-shadow:0 8px 32px #0001;text-align:center}
h1{margin:0 0 .25rem;font-size:1.35rem}p{margin:.25rem 0;color:#666}small{color:#999;word-break:break-all}
.face{width:72px;height:72px;margin:0 auto 1rem;border-radius:50%;display:grid;place-items:center;background:#e8f8ef;color:#07c160;font-size:2rem}
a{display:block;margin-top:1.5rem;padding:.75rem;border-radius:10px;background:#07c160;color:#fff;text-decoration:none;font-weight:600}
a:focus-visible{outline:3px solid #576b95;outline-offset:2px}
@media(prefers-color-scheme:dark){body{background:#111;color:#e6e6e6}main{background:#1e1e1e}p{color:#aaa}.face{background:#16281e}}
`

/** A page of the app. `content` is HTML: text of people goes through {@link escapeHtml} first. */
export function page(title: string, content: string, status = 200): Response {
  const html = `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<link rel="icon" href="data:,"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body><main>${content}</main></body></html>`
  return new Response(html, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff'
    }
  })
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
