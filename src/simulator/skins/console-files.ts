import { existsSync, readFileSync } from 'node:fs'

/** The page and what it loads: nothing of it is read before somebody opens it. */
const FILES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/-/console/console.js': ['console.js', 'text/javascript; charset=utf-8'],
  '/-/console/console.css': ['console.css', 'text/css; charset=utf-8']
}

/** In the package the files lie beside the code; in a checkout they are where `npm run console` puts them. */
const FOLDERS = ['./console/', '../../../.tmp/console/']

const NOT_BUILT = `<!doctype html><meta charset="utf-8"><title>weixin-kit</title>
<p>This is a checkout, and its console is not built: run <code>npm run console</code>, then load this page again.</p>`

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'"
].join('; ')

/** @internal A file of the console; `undefined` for every other path. */
export function consoleFile(path: string): Response | undefined {
  const [file, type] = Object.hasOwn(FILES, path) ? (FILES[path] ?? []) : []
  if (file === undefined || type === undefined) return undefined
  const found = FOLDERS.map((folder) => new URL(`${folder}${file}`, import.meta.url)).find((url) => existsSync(url))
  return new Response(found ? new Uint8Array(readFileSync(found)) : NOT_BUILT, {
    headers: {
      'content-type': found ? type : 'text/html; charset=utf-8',
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store'
    }
  })
}
