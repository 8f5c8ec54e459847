import { createHash, randomUUID } from 'node:crypto'

type Fields = Readonly<Record<string, string | number>>

const LANES = 8

/** Places v2 orders on a running simulator, pays and queries each. */
export async function placeOrders(url: string, count: number): Promise<void> {
  const groups = (await (await fetch(`${url}/-/accounts`)).json()) as { values: Record<string, string> }[]
  const accounts: Record<string, string> = Object.assign({}, ...groups.map(({ values }) => values))
  const steer = async (verb: string, ...args: unknown[]) => {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`${url}/-/${verb}`, { method: 'POST', headers, body: JSON.stringify(args) })
    return ((await response.json()) as { result: string }).result
  }
  const call = async (path: string, fields: Fields) => {
    const all: Fields = {
      appid: accounts.WEIXIN_MP_APP_ID ?? '',
      mch_id: accounts.WEIXIN_PAY_MCH_ID ?? '',
      nonce_str: randomUUID().replaceAll('-', ''),
      ...fields
    }
    const text = Object.entries(all)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => `${name}=${value}&`)
      .join('')
    const sign = createHash('md5').update(`${text}key=${accounts.WEIXIN_PAY_API_KEY}`).digest('hex').toUpperCase()
    const parts = Object.entries({ ...all, sign }).map(([name, value]) => `<${name}>${value}</${name}>`)
    const body = `<xml>${parts.join('')}</xml>`
    return await (await fetch(`${url}/api.mch.weixin.qq.com${path}`, { method: 'POST', body })).text()
  }
  const openid = await steer('users/ming/openid')
  let left = count
  const lane = async () => {
    while (left-- > 0) {
      const out_trade_no = randomUUID().replaceAll('-', '')
      const placed = await call('/pay/unifiedorder', {
        body: 'Tea',
        out_trade_no,
        total_fee: 990,
        spbill_create_ip: '203.0.113.7',
        notify_url: 'http://127.0.0.1:1/notify',
        trade_type: 'JSAPI',
        openid
      })
      await steer('users/ming/pay', /<prepay_id><!\[CDATA\[(\w+)/.exec(placed)?.[1])
      const found = await call('/pay/orderquery', { out_trade_no })
      if (!found.includes('<trade_state><![CDATA[SUCCESS]]>')) throw new Error(found)
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
}
