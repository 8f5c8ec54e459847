// The logger of docs/*/observability.md on the real pino.
import assert from 'node:assert/strict'
import pino from 'pino'
import { OfficialAccount } from 'weixin-kit/mp'
import { createSimulator } from 'weixin-kit/simulator'

const written = []
const redact = ['*.access_token', '*.session_key', '*.mobile', 'req.headers.authorization']
const log = pino({ level: 'debug', redact }, { write: (line) => written.push(JSON.parse(line)) })
const logger = {
  debug: (message, fields) => log.debug(fields ?? {}, message),
  info: (message, fields) => log.info(fields ?? {}, message),
  warn: (message, fields) => log.warn(fields ?? {}, message),
  error: (message, fields) => log.error(fields ?? {}, message)
}

const simulator = createSimulator()
const account = simulator.credentials.officialAccount
const mp = new OfficialAccount({ ...account, ...simulator.clientOptions, logger, maxRetries: 1 })
simulator.fail('/cgi-bin/user/info', { status: 502, times: 1 })
await mp.users.info(simulator.user('ming').openid())
log.info({ session: { access_token: 'secret-of-the-app', session_key: 'secret-of-the-app' } }, 'mine')

assert.ok(
  written.some(({ msg, product }) => msg && product === 'mp'),
  JSON.stringify(written)
)
const text = JSON.stringify(written)
for (const secret of [account.appSecret, 'secret-of-the-app']) assert.ok(!text.includes(secret), text)
console.log(`pino ok: ${written.length} lines`)
