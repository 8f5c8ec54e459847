// Writes docs/errors.md and docs/errors.zh-CN.md from the tables of codes; `--check` fails when a file is stale.
import { readFileSync, writeFileSync } from 'node:fs'
import * as kit from '../src/index.ts'
import { ERROR_CODES_ZH } from './support/error-codes-zh.ts'

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

const rows = (texts: Record<string, string>) =>
  Object.entries(texts)
    .map(([code, text]) => `| \`${code}\` | \`${classOf(code)}\` | ${text} |`)
    .join('\n')

const PAGES = {
  'errors.md': `# Errors

Generated from \`src/errors/codes.ts\` by \`npm run docs:errors\`. Every error that the library throws is a \`WeixinKitError\` with one of
these codes; codes are stable under semantic versioning. \`isWeixinKitError(error)\` narrows an error to a union that you can
\`switch (error.code)\` over. Upstream errors (\`WeChatApiError\` …) add \`upstreamCode\`, \`kind\`, \`retryable\` and \`hint.en\` / \`hint.zh\`.

| code | class | meaning |
|---|---|---|
${rows(kit.ERROR_CODES)}
`,
  'errors.zh-CN.md': `# 错误码

由 \`npm run docs:errors\` 生成。本库抛出的每个错误都是 \`WeixinKitError\`，并带有下表中的一个错误码；错误码遵循语义化版本，不会随意变动。用
\`isWeixinKitError(error)\` 收窄类型后，即可 \`switch (error.code)\`。上游返回的错误（\`WeChatApiError\` 等）还带有 \`upstreamCode\`、\`kind\`、
\`retryable\` 以及处理建议 \`hint.en\` / \`hint.zh\`。

| 错误码 | 类 | 含义 |
|---|---|---|
${rows(ERROR_CODES_ZH)}
`
}

const isCheck = process.argv.includes('--check')
for (const [name, page] of Object.entries(PAGES)) {
  const file = new URL(`../docs/${name}`, import.meta.url)
  if (!isCheck) writeFileSync(file, page)
  else if (readFileSync(file, 'utf8') !== page)
    throw new Error(`docs/${name} is stale: run \`npm run docs:errors\` and commit it.`)
}
