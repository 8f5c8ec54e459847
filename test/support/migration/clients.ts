import { MessageGateway } from 'weixin-kit/gateway'
import { MiniProgram } from 'weixin-kit/miniapp'
import { OfficialAccount } from 'weixin-kit/mp'
import { WeChatPay } from 'weixin-kit/pay'
import { WeChatPayV2 } from 'weixin-kit/pay/v2'
import { createSimulator } from 'weixin-kit/simulator'

/** Members that the tables of a page name (`pay.orders.unified`) and that no client has. */
export function unknownMembers(text: string): string[] {
  const { credentials } = createSimulator()
  const isV2 = text.includes("from 'weixin-kit/pay/v2'") && !text.includes("from 'weixin-kit/pay'")
  const pay2 = new WeChatPayV2(credentials.payV2)
  const clients: Record<string, unknown> = {
    pay: isV2 ? pay2 : new WeChatPay({ ...credentials.payV3, certificate: credentials.merchantFiles().cert }),
    pay2,
    mp: new OfficialAccount(credentials.officialAccount),
    mini: new MiniProgram(credentials.miniProgram),
    gateway: new MessageGateway(credentials.gateway)
  }
  // The column on the left is about the other package, whose clients may have the same names.
  const rows = text.split('\n').filter((line) => line.startsWith('| '))
  const right = rows.map((line) => line.split(' | ').slice(1).join(' ')).join('\n')
  const named = [...right.matchAll(/`((?:pay2?|mp|mini|gateway)\.[\w.]+)/g)].map(([, path = '']) => path)
  return named.filter((path) => {
    const [client = '', ...members] = path.split('.')
    return members.reduce<unknown>((value, name) => Object(value)[name], clients[client]) === undefined
  })
}
