import { readdirSync, readFileSync } from 'node:fs'
import { extname } from 'node:path'
import type { FetchHandler, Routes } from 'weixin-kit'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml'
}
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  // Avatars come from WeChat's servers.
  "img-src 'self' data: https:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'"
].join('; ')
const HEADERS = {
  'cache-control': 'no-cache',
  'content-security-policy': POLICY,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff'
}

/**
 * The page of an app without a build step: the files of its folder `page/`, `index.html` at `/`, and `base.css` that all apps
 * share. A route table for `route()` of the library. No script or style stands in the HTML, so that the policy forbids them there.
 */
export function pageRoutes(folder: URL): Routes {
  const shared = new URL('page/', import.meta.url)
  const files = [shared, folder].flatMap((one) => readdirSync(one).map((name) => [name, new URL(name, one)] as const))
  return Object.fromEntries(
    files.map(([name, url]) => [`GET ${name === 'index.html' ? '/' : `/${name}`}`, fileHandler(url)])
  )
}

function fileHandler(url: URL): FetchHandler {
  const content = readFileSync(url)
  const headers = { ...HEADERS, 'content-type': TYPES[extname(url.pathname)] ?? 'application/octet-stream' }
  return async () => new Response(content, { headers })
}
