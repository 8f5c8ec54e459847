import { readdirSync, readFileSync } from 'node:fs'
import { extname } from 'node:path'
import type { FetchHandler, Routes } from 'weixin-kit'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml'
}
/** `origins`: whose scripts a page runs, e.g. the JS-SDK of WeChat. */
const policy = (origins: readonly string[]) => {
  const others = origins.map((origin) => ` ${origin}`).join('')
  return [
    "default-src 'none'",
    `script-src 'self'${others}`,
    // Scripts of others bring their own styles.
    `style-src 'self'${others === '' ? '' : " 'unsafe-inline'"}${others}`,
    `connect-src 'self'${others}`,
    // Avatars come from WeChat's servers.
    `img-src 'self' data: https:${others}`,
    ...(others === '' ? [] : [`frame-src${others}`]),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'"
  ].join('; ')
}
const headersFor = (origins: readonly string[]) => ({
  'cache-control': 'no-cache',
  'content-security-policy': policy(origins),
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff'
})

/**
 * The page of an app without a build step: the files of its folder `page/`, `index.html` at `/`, and `base.css` that all apps
 * share. A route table for `route()` of the library. No script or style stands in the HTML, so that the policy forbids them there.
 *
 * @param origins of scripts that the page loads from elsewhere
 */
export function pageRoutes(folder: URL, origins: readonly string[] = []): Routes {
  const shared = new URL('page/', import.meta.url)
  const files = [shared, folder].flatMap((one) => readdirSync(one).map((name) => [name, new URL(name, one)] as const))
  const headers = headersFor([...new Set(origins)])
  return Object.fromEntries(
    files.map(([name, url]) => [`GET ${name === 'index.html' ? '/' : `/${name}`}`, fileHandler(url, headers)])
  )
}

function fileHandler(url: URL, common: Readonly<Record<string, string>>): FetchHandler {
  const content = readFileSync(url)
  const headers = { ...common, 'content-type': TYPES[extname(url.pathname)] ?? 'application/octet-stream' }
  return async () => new Response(content, { headers })
}
