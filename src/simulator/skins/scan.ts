import type { MoneyView, ScanView } from '../framework/views.ts'
import type { SteeredSimulator } from '../steered-simulator.ts'

/** The token of an order in what a page or a QR code holds. */
function payToken(text: string): string {
  if (text.startsWith('{')) {
    try {
      const params = JSON.parse(text) as Record<string, unknown>
      return payToken(String(params.package ?? params.prepayid ?? ''))
    } catch {
      return text
    }
  }
  if (text.startsWith('prepay_id=')) return text.slice('prepay_id='.length)
  const query = URL.canParse(text) ? new URL(text).searchParams : undefined
  return query?.get('pr') ?? query?.get('prepay_id') ?? text
}

/**
 * @internal What is behind something that somebody scans: a `code_url`, a page of WeChat, a QR ticket, a link or picture of a
 * mini program (as a data URL), the parameters of a payment, the number of a transfer.
 */
export function scan(simulator: SteeredSimulator, given: string): ScanView {
  const text = given.trim()
  const { pay, wechat } = simulator.views
  const order = pay.order(payToken(text))
  if (order) return { kind: 'pay', order }
  const money: MoneyView | undefined = pay.money().find(({ number }) => number === text)
  if (money) return { kind: 'money', money }
  const found = wechat.scan(text)
  if (found) return found
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return { kind: 'page', url: text }
  return {
    kind: 'wrong',
    problem: /^weixin:|prepay|^\{/.test(text)
      ? 'There is no such order here: it is unknown, or its code has expired.'
      : 'Nothing of this simulator: paste a code_url, a ticket, a link, an authorize address, or drop the picture of a code.'
  }
}
