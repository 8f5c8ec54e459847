import { createCipheriv, createHash, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { WeixinKitError } from 'weixin-kit'
import { KEYS, PUBLIC_KEY_ID, payWith, signedAnswer } from '../../support/pay-v3.ts'
import type { SeenRequest } from '../../support/stub-fetch.ts'

const BILL = '交易时间,商户订单号,订单金额\r\n`2026-03-01 13:15:40,`T1,`19.80\r\n总交易单数,订单总金额\r\n`1,`19.80\r\n'
const sha1 = (data: string | Uint8Array) => createHash('sha1').update(data).digest('hex')
const address = 'https://api.mch.weixin.qq.com/v3/billdownload/file?token=a%2Fb-c_d&tartype=gzip'
const announced = (extra: object = {}) => ({
  hash_type: 'SHA1',
  hash_value: sha1(BILL),
  download_url: address,
  ...extra
})
const ask = { bill_date: '2026-03-01' }

function withFile(file: Uint8Array | Response, announcement: object = announced(), options = {}) {
  return payWith(
    ({ url }: SeenRequest) =>
      url.pathname.startsWith('/v3/billdownload')
        ? file instanceof Response
          ? file
          : new Response(new Uint8Array(file))
        : signedAnswer(announcement),
    options
  )
}
const errorOf = (promise: Promise<unknown>) => promise.catch((error: unknown) => error as WeixinKitError)

describe('bills', () => {
  it('are asked for compressed, downloaded with a signature over their own path, and read', async () => {
    const { pay, fetch } = withFile(gzipSync(BILL))
    const bill = await pay.bills.trade(ask)
    expect(await bill.readAll()).toEqual({
      rows: [{ 交易时间: '2026-03-01 13:15:40', 商户订单号: 'T1', 订单金额: '19.80' }],
      summary: { 总交易单数: '1', 订单总金额: '19.80' }
    })
    expect(fetch.seen[0]?.url.search).toBe('?bill_date=2026-03-01&tar_type=GZIP')
    const [, download] = fetch.seen
    expect(download?.url.href).toBe(address)
    const authorization = download?.headers.get('authorization') ?? ''
    expect(pay.explainSign({ method: 'GET', url: address, authorization }).isValid).toBe(true)
  })

  it('are read when the transport has decompressed them', async () => {
    const bill = await withFile(Buffer.from(BILL)).pay.bills.fundFlow(ask)
    const chunks: Uint8Array[] = []
    for await (const chunk of bill.stream()) chunks.push(chunk)
    expect(Buffer.concat(chunks).toString()).toBe(BILL)
  })

  it('go through the base address', async () => {
    const { pay, fetch } = withFile(gzipSync(BILL), announced(), {
      baseUrl: 'http://127.0.0.1:9000/api.mch.weixin.qq.com'
    })
    // The stub sees the prefixed path.
    const error = await errorOf(pay.bills.trade(ask))
    expect(error).toMatchObject({ code: 'ERR_UNEXPECTED_RESPONSE' })
    expect(fetch.seen[1]?.url.href).toBe(
      `http://127.0.0.1:9000/api.mch.weixin.qq.com${new URL(address).pathname}${new URL(address).search}`
    )
  })

  it.each<[string, Uint8Array]>([
    ['changed', gzipSync(BILL.replace('19.80', '29.80'))],
    ['changed, plain', Buffer.from(BILL.replace('19.80', '29.80'))],
    ['cut short', gzipSync(BILL).subarray(0, 60)],
    ['empty', new Uint8Array(0)],
    ['damaged', Buffer.concat([gzipSync(BILL).subarray(0, 20), randomBytes(40)])]
  ])('that are %s never reach the caller', async (_, file) => {
    const { pay } = withFile(file)
    expect(await errorOf(pay.bills.trade(ask))).toMatchObject({ code: 'ERR_UNEXPECTED_RESPONSE' })
  })

  it.each([
    ['another host', { download_url: 'https://evil.example.com/v3/billdownload/file?token=x' }],
    ['a host that ends alike', { download_url: 'https://evilmch.weixin.qq.com/v3/billdownload/file?token=x' }],
    ['plain HTTP', { download_url: 'http://api.mch.weixin.qq.com/v3/billdownload/file?token=x' }],
    ['no address', { download_url: '/v3/billdownload/file' }],
    ['another kind of hash', { hash_type: 'MD5' }],
    ['a hash that is none', { hash_value: 'x' }]
  ])('announced with %s are not fetched', async (_, extra) => {
    const { pay, fetch } = withFile(gzipSync(BILL), announced(extra))
    expect(await errorOf(pay.bills.trade(ask))).toMatchObject({ code: 'ERR_UNEXPECTED_RESPONSE' })
    expect(fetch.seen).toHaveLength(1)
  })

  it('an error in place of the file is told', async () => {
    const { pay } = withFile(signedAnswer({ code: 'RESOURCE_NOT_EXISTS', message: 'x' }, 404))
    expect(await errorOf(pay.bills.trade(ask))).toMatchObject({ upstreamCode: 'RESOURCE_NOT_EXISTS' })
    // A 200 with another body is not a file either: the hash says so.
    const other = withFile(signedAnswer({ code: 'SYSTEM_ERROR' }))
    expect(await errorOf(other.pay.bills.trade(ask))).toMatchObject({ code: 'ERR_UNEXPECTED_RESPONSE' })
  })

  it('of a sub-merchant are decrypted, in their order', async () => {
    const key = randomBytes(16).toString('hex')
    const parts = [1, 2].map((sequence) => {
      const nonce = `nonce-${sequence}-abcd`
      const cipher = createCipheriv('aes-256-gcm', Buffer.from(key), Buffer.from(nonce))
      const content = BILL.replace('T1', `T${sequence}`)
      const sealed = Buffer.concat([cipher.update(gzipSync(content)), cipher.final(), cipher.getAuthTag()])
      const encryptKey = publicEncrypt(
        { key: createPublicKey(KEYS.merchantPrivateKey), oaepHash: 'sha1' },
        Buffer.from(key)
      )
      const download_url = `https://api.mch.weixin.qq.com/v3/billdownload/file?token=${sequence}`
      const file = { bill_sequence: sequence, hash_type: 'SHA1', hash_value: sha1(content), download_url, nonce }
      return { file: { ...file, encrypt_key: encryptKey.toString('base64') }, sealed }
    })
    const flipped = Buffer.from(parts[0]?.sealed ?? [])
    flipped[3] = (flipped[3] ?? 0) ^ 1
    let files = parts.map(({ sealed }) => sealed)
    const { pay } = payWith(({ url }) => {
      const token = Number(url.searchParams.get('token'))
      if (token > 0) return new Response(new Uint8Array(files[token - 1] ?? []))
      return signedAnswer({ download_bill_count: 2, download_bill_list: parts.map(({ file }) => file).reverse() })
    })
    const params = { ...ask, sub_mchid: '1900000109', account_type: 'BASIC' } as const
    const bills = await pay.bills.subMerchantFundFlow(params)
    const numbers = await Promise.all(bills.map(async (bill) => (await bill.readAll()).rows[0]?.商户订单号))
    expect(numbers).toEqual(['T1', 'T2'])
    files = [flipped, flipped]
    expect(await errorOf(pay.bills.subMerchantFundFlow(params))).toMatchObject({ code: 'ERR_DECRYPT_KEY' })
    files = [new Uint8Array(3), new Uint8Array(3)] as never
    expect(await errorOf(pay.bills.subMerchantFundFlow(params))).toMatchObject({ code: 'ERR_UNEXPECTED_RESPONSE' })
  })
})

describe('receipts', () => {
  it('of transfers and batches are compared with their hash', async () => {
    const pdf = Buffer.from('%PDF-1.4 x')
    const file = {
      hash_type: 'SHA256',
      hash_value: createHash('sha256').update(pdf).digest('hex').toUpperCase(),
      download_url: address
    }
    const { pay } = payWith(({ url }) => {
      if (url.pathname.startsWith('/v3/billdownload')) return new Response(pdf)
      return signedAnswer({ out_batch_no: 'B0001', signature_no: '1', signature_status: 'FINISHED', ...file })
    })
    await pay.transferBatches.createReceipt({ out_batch_no: 'B0001' })
    const receipt = await pay.transferBatches.queryReceipt({ out_batch_no: 'B0001' })
    expect(Buffer.from(await pay.transferBatches.downloadReceipt(receipt))).toEqual(pdf)
    const transfer = { state: 'FINISHED', create_time: 'x' }
    expect(Buffer.from(await pay.transfers.downloadReceipt({ ...transfer, ...file }))).toEqual(pdf)
    expect(
      await errorOf(pay.transfers.downloadReceipt({ ...transfer, ...file, hash_value: 'a'.repeat(64) }))
    ).toMatchObject({
      code: 'ERR_UNEXPECTED_RESPONSE'
    })
    expect(await errorOf(pay.transfers.downloadReceipt({ ...transfer, state: 'GENERATING' }))).toMatchObject({
      code: 'ERR_UNEXPECTED_RESPONSE'
    })
  })
})

it('downloads name the public key too', async () => {
  const { pay, fetch } = withFile(gzipSync(BILL))
  await pay.bills.trade(ask)
  expect(fetch.seen[0]?.headers.get('wechatpay-serial')).toBe(PUBLIC_KEY_ID)
})
