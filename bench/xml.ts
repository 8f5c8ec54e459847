import { XMLParser } from 'fast-xml-parser'
import { parseWithLibrary } from '../src/internal/xml/parse-with-library.ts'
import { buildXml, parseXml } from '../src/internal/xml/index.ts'

/** A payment notification of API v2 as it arrives; the longest field has Chinese text in the second sample. */
const NOTIFICATION = `<xml><appid><![CDATA[wx2421b1c4370ec43b]]></appid>
<attach><![CDATA[order=20260301;shop=12]]></attach>
<bank_type><![CDATA[CMB_DEBIT]]></bank_type>
<cash_fee><![CDATA[1980]]></cash_fee>
<device_info><![CDATA[WEB]]></device_info>
<fee_type><![CDATA[CNY]]></fee_type>
<is_subscribe><![CDATA[Y]]></is_subscribe>
<mch_id><![CDATA[1900000109]]></mch_id>
<nonce_str><![CDATA[5d2b6c2a8db53831f7eda20af46e531c]]></nonce_str>
<openid><![CDATA[oUpF8uMEb4qRXf22hE3X68TekukE]]></openid>
<out_trade_no><![CDATA[1409811653202603010001]]></out_trade_no>
<result_code><![CDATA[SUCCESS]]></result_code>
<return_code><![CDATA[SUCCESS]]></return_code>
<settlement_total_fee><![CDATA[1980]]></settlement_total_fee>
<sign><![CDATA[B552ED6B279343CB493C5DD0D78AB241]]></sign>
<time_end><![CDATA[20260301131540]]></time_end>
<total_fee>1980</total_fee>
<coupon_fee_0><![CDATA[10]]></coupon_fee_0>
<coupon_count><![CDATA[1]]></coupon_count>
<trade_type><![CDATA[JSAPI]]></trade_type>
<transaction_id><![CDATA[4200001004400740201409030005092168]]></transaction_id>
</xml>`

const bytes = Buffer.from(NOTIFICATION)
const chinese = Buffer.from(NOTIFICATION.replace('order=20260301;shop=12', '订单二〇二六，深圳店'))
const fields = parseXml(bytes)
const bare = new XMLParser({ parseTagValue: false })

export const cases: Record<string, () => unknown> = {
  'parse: ours, bytes': () => parseXml(bytes),
  'parse: ours, Chinese bytes': () => parseXml(chinese),
  'parse: ours, text': () => parseXml(NOTIFICATION),
  'parse: ours, through the library': () => parseWithLibrary(NOTIFICATION, 'xml', [], 16),
  'parse: fast-xml-parser': () => bare.parse(bytes.toString('utf8')),
  'build: ours': () => buildXml(fields),
  'build: by hand': () => {
    let xml = '<xml>'
    for (const name of Object.keys(fields)) {
      xml += `<${name}><![CDATA[${String(fields[name]).replaceAll(']]>', ']]]]><![CDATA[>')}]]></${name}>`
    }
    return `${xml}</xml>`
  }
}

/** Microseconds per call, the best of several rounds taken in turn so that all share the machine's moods. */
function measure(rounds = 15): Map<string, number> {
  const best = new Map<string, number>()
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(cases)) {
      const times = name.includes('library') || name.includes('fast-xml') ? 1000 : 10_000
      const start = process.hrtime.bigint()
      for (let time = 0; time < times; time++) run()
      const micros = Number(process.hrtime.bigint() - start) / 1000 / times
      best.set(name, Math.min(best.get(name) ?? Number.POSITIVE_INFINITY, micros))
    }
  }
  return best
}

const best = measure()
for (const [name, micros] of best) console.log(`${name.padEnd(36)} ${micros.toFixed(2).padStart(8)} µs`)
const ratio = (of: string, to: string) => ((best.get(of) ?? 0) / (best.get(to) ?? 1)).toFixed(2)
console.log(`parse: ${ratio('parse: fast-xml-parser', 'parse: ours, bytes')} × as fast as fast-xml-parser`)
console.log(`build: ${ratio('build: by hand', 'build: ours')} of the hand-written floor`)
