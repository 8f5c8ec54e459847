import { XMLParser } from 'fast-xml-parser'
import { parseJson } from '../src/internal/json/index.ts'
import { buildXml, parseXml } from '../src/internal/xml/index.ts'
import type { BenchCase } from './case.ts'

/** A payment notification of API v2 as it arrives. */
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
const referenced = Buffer.from(NOTIFICATION.replace('<total_fee>1980<', '<total_fee>1980&#32;<'))
const fields = parseXml(bytes)
const library = new XMLParser({ parseTagValue: false })
const json = Buffer.from(JSON.stringify({ errcode: 0, errmsg: 'ok', ...fields }))

export const cases: BenchCase[] = [
  {
    name: 'parse a v2 notification: fast-xml-parser / ours',
    target: 5,
    floor: () => library.parse(bytes.toString('utf8')),
    ours: () => parseXml(bytes)
  },
  {
    name: 'the same with Chinese text',
    target: 4,
    floor: () => library.parse(chinese.toString('utf8')),
    ours: () => parseXml(chinese)
  },
  {
    name: 'the same with a reference, hence checked and handed to fast-xml-parser',
    target: 0.6,
    floor: () => library.parse(referenced.toString('utf8')),
    ours: () => parseXml(referenced)
  },
  {
    name: 'build XML: by hand / ours',
    target: 0.8,
    floor: () => {
      let xml = '<xml>'
      for (const name of Object.keys(fields)) {
        xml += `<${name}><![CDATA[${String(fields[name]).replaceAll(']]>', ']]]]><![CDATA[>')}]]></${name}>`
      }
      return `${xml}</xml>`
    },
    ours: () => buildXml(fields)
  },
  {
    name: 'parse JSON: JSON.parse / ours',
    target: 0.8,
    floor: () => JSON.parse(json.toString('utf8')),
    ours: () => parseJson(json)
  }
]
