// Writes docs/errors.md from the table of codes; `--check` fails when the file is stale.
import { readFileSync, writeFileSync } from 'node:fs'
import * as kit from '../src/index.ts'

const CLASSES: Record<string, string> = {
  ERR_CONFIG: 'ConfigError',
  ERR_INVALID_PARAM: 'ConfigError',
  ERR_MISSING_DEPENDENCY: 'ConfigError',
  ERR_PKCS12: 'ConfigError',
  ERR_CONNECTION: 'ConnectionError',
  ERR_TIMEOUT: 'TimeoutError',
  ERR_STORE: 'StoreError',
  ERR_WECHAT_API: 'WeChatApiError',
  ERR_WECHAT_PAY: 'WeChatPayError',
  ERR_QINIU: 'QiniuError',
  ERR_YUNPIAN: 'YunpianError',
  ERR_GEETEST: 'GeetestError',
  ERR_SIGNATURE: 'SignatureError',
  ERR_DECRYPT: 'DecryptError',
  ERR_UNKNOWN_RESULT: 'UnknownResultError',
  ERR_BODY_ALREADY: 'BodyAlreadyParsedError',
  ERR_BODY: 'BodyError',
  ERR_LOGIN: 'LoginError',
  ERR_UNEXPECTED_RESPONSE: 'UnexpectedResponseError'
}

function classOf(code: string): string {
  const prefix = Object.keys(CLASSES)
    .filter((candidate) => code.startsWith(candidate))
    .sort((a, b) => b.length - a.length)[0]
  const name = prefix && CLASSES[prefix]
  if (!name || !(name in kit)) throw new Error(`No class is known for ${code}`)
  return name
}

const rows = Object.entries(kit.ERROR_CODES).map(([code, text]) => `| \`${code}\` | \`${classOf(code)}\` | ${text} |`)
const page = `# Errors

Generated from \`src/errors/codes.ts\` by \`npm run docs:errors\`. Every error that leaves the library is a \`WeixinKitError\` with one of
these codes; codes are stable under semantic versioning. \`isWeixinKitError(error)\` narrows to the union over which
\`switch (error.code)\` works. Errors of an upstream (\`WeChatApiError\` …) add \`upstreamCode\`, \`kind\`, \`retryable\` and \`hint.en\` / \`hint.zh\`.

| code | class | meaning |
|---|---|---|
${rows.join('\n')}
`

const file = new URL('../docs/errors.md', import.meta.url)
if (process.argv.includes('--check')) {
  if (readFileSync(file, 'utf8') !== page)
    throw new Error('docs/errors.md is stale: run `npm run docs:errors` and commit it.')
} else {
  writeFileSync(file, page)
}
