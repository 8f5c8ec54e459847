import { createCipheriv, createPrivateKey, type KeyObject, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { FetchLike } from 'weixin-kit'
import { WeChatPay, type WeChatPayOptions } from 'weixin-kit/pay'
import { type SeenRequest, stubFetch } from './stub-fetch.ts'

const read = (name: string) => JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8'))
const authorization = read('pay-v3-authorization').keys as Record<string, string>
const sensitive = read('pay-v3-sensitive').keys as Record<string, string>

/** Throw-away keys of the vectors. */
export const KEYS = {
  merchantPrivateKey: authorization.merchantPrivateKey ?? '',
  merchantCertificate: authorization.merchantCertificate ?? '',
  merchantSerial: authorization.merchantSerialNo ?? '',
  platformPrivateKey: sensitive.recipientPrivateKey ?? '',
  platformPublicKey: sensitive.recipientPublicKey ?? '',
  platformCertificate: sensitive.recipientCertificate ?? '',
  platformSerial: sensitive.serialNo ?? ''
}
export const PUBLIC_KEY_ID = 'PUB_KEY_ID_0114232134912410000000000000'
export const API_V3_KEY = 'f09b03a7a1902b5b4913856f1fd07ab2'
export const MCH_ID = '1900009191'
export const APP_ID = 'wxd678efh567hg6787'
/** 2024-08-05, when the vectors were signed. */
export const NOW = 1_722_850_421

const platformKey = createPrivateKey(KEYS.platformPrivateKey)

export interface PlatformSignature {
  serial?: string
  timestamp?: number | string
  nonce?: string
  key?: KeyObject
  /** What is signed in place of the body. */
  signed?: string
  /** Put in front of the signature. */
  prefix?: string
}

/** The Wechatpay-* headers of a body, as the platform makes them. */
export function platformHeaders(body: string, how: PlatformSignature = {}): Record<string, string> {
  const { serial = PUBLIC_KEY_ID, timestamp = NOW, nonce = 'c5ac7061fccab6bf3e254dcf98995b8c', key = platformKey } = how
  const message = `${timestamp}\n${nonce}\n${how.signed ?? body}\n`
  return {
    'wechatpay-timestamp': String(timestamp),
    'wechatpay-nonce': nonce,
    'wechatpay-serial': serial,
    'wechatpay-signature': (how.prefix ?? '') + sign('sha256', Buffer.from(message), key).toString('base64'),
    'wechatpay-signature-type': 'WECHATPAY2-SHA256-RSA2048'
  }
}

/** A signed response. */
export function signedAnswer(content: unknown, status = 200, how: PlatformSignature = {}): Response {
  const body = content === undefined ? '' : typeof content === 'string' ? content : JSON.stringify(content)
  return new Response(status === 204 ? null : body, {
    status,
    headers: { 'content-type': 'application/json', 'request-id': '08A1', ...platformHeaders(body, how) }
  })
}

export function seal(plain: string, nonce = '0123456789ab', aad = 'transaction', key = API_V3_KEY): string {
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(key), Buffer.from(nonce))
  cipher.setAAD(Buffer.from(aad))
  return Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64')
}

/** A notification as it arrives. */
export function notification(
  eventType: string,
  resource: unknown,
  how: PlatformSignature & { id?: string; originalType?: string; apiV3Key?: string } = {}
): { body: string; headers: Record<string, string> } {
  const originalType = how.originalType ?? 'transaction'
  const body = JSON.stringify({
    id: how.id ?? 'EV-2018022511223320873',
    create_time: '2018-06-08T10:34:56+08:00',
    resource_type: 'encrypt-resource',
    event_type: eventType,
    summary: 'x',
    resource: {
      original_type: originalType,
      algorithm: 'AEAD_AES_256_GCM',
      ciphertext: seal(JSON.stringify(resource), '0123456789ab', originalType, how.apiV3Key),
      associated_data: originalType,
      nonce: '0123456789ab'
    }
  })
  return { body, headers: platformHeaders(body, how) }
}

export const BASE_OPTIONS: WeChatPayOptions = {
  appId: APP_ID,
  mchId: MCH_ID,
  apiV3Key: API_V3_KEY,
  privateKey: KEYS.merchantPrivateKey,
  certSerial: KEYS.merchantSerial,
  platformKeys: { [PUBLIC_KEY_ID]: KEYS.platformPublicKey },
  notifyUrl: 'https://shop.example.com/notify',
  clock: () => NOW * 1000,
  maxRetries: 0
}

/** A client whose requests are answered by `answer`. */
export function payWith(
  answer: (request: SeenRequest, index: number) => Response | Promise<Response>,
  options: Partial<WeChatPayOptions> = {}
): { pay: WeChatPay; fetch: FetchLike & { seen: SeenRequest[] } } {
  const fetch = stubFetch(answer)
  return { pay: new WeChatPay({ ...BASE_OPTIONS, fetch, ...options }), fetch }
}
