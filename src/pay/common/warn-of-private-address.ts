import { CONSOLE_LOGGER } from '../../core/console-logger.ts'
import type { Logger } from '../../core/logger.ts'
import { safeLogger } from '../../core/safe-logger.ts'

/** Names without a dot, such as those of containers, and loopback and private addresses, as spelt by `URL`. */
const PRIVATE_HOST =
  /^(?:[^.:]+|.+\.(?:localhost|local|internal)|0\.0\.0\.0|(?:127|10)\.[\d.]+|192\.168\.[\d.]+|169\.254\.[\d.]+|172\.(?:1[6-9]|2\d|3[01])\.[\d.]+|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.[\d.]+|\[(?:::1?|f[cd][\da-f]{2}:.*|fe[89ab][\da-f]:.*)\])$/

/** Options that decide whether the client talks to the real platform, and the URLs that the platform calls. */
interface Given {
  readonly notifyUrl?: string | URL | undefined
  readonly refundNotifyUrl?: string | URL | undefined
  readonly baseUrl?: unknown
  readonly simulator?: unknown
  readonly fetch?: unknown
  readonly dispatcher?: unknown
  readonly logger?: Logger | undefined
}

/**
 * Warns about a notification URL that WeChat Pay cannot reach. It silently drops such notifications, and paid orders
 * look unpaid. Clients of a simulator may use one, also in programs started by `weixin-kit run`.
 */
export function warnOfPrivateAddress(given: Given): void {
  const { baseUrl, simulator, fetch, dispatcher, logger } = given
  if ([baseUrl, simulator, fetch, dispatcher].some((value) => value !== undefined)) return
  if (process.env.WEIXIN_SIMULATOR) return
  for (const name of ['notifyUrl', 'refundNotifyUrl'] as const) {
    const url = given[name]
    if (url === undefined || !PRIVATE_HOST.test(new URL(url).hostname.replace(/\.$/, ''))) continue
    const message = `${name} is ${new URL(url).origin}, which WeChat Pay cannot reach: payments succeed, but no notification arrives. Use a public URL, e.g. of a tunnel, or develop against the simulator (option "simulator").`
    if (logger) safeLogger(logger).warn?.(message, { product: 'pay' })
    else CONSOLE_LOGGER.warn?.(message)
  }
}
