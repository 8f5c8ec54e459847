import { createHash, createHmac, randomBytes, sign, verify } from 'node:crypto'
import { parseXml } from '../../src/internal/xml/index.ts'
import type { Simulator } from '../../src/simulator/index.ts'

type Fields = Record<string, string | number | undefined>

export interface V2Options {
  signType?: 'MD5' | 'HMAC-SHA256'
  /** Merchant certificate as PEM; the merchant's own by default, `undefined` sends none. */
  certificate?: string | undefined
  key?: string
  host?: string
}

/** A v2 caller by hand, so that the simulator is not tested with the library's own signing. */
export function v2Caller(simulator: Simulator) {
  const { payV2 } = simulator.credentials
  return async (path: string, given: Fields, options: V2Options = {}): Promise<Record<string, string>> => {
    const text = await v2Text(path, given, options)
    return parseXml(text) as Record<string, string>
  }

  async function v2Text(path: string, given: Fields, options: V2Options): Promise<string> {
    const type = options.signType ?? 'MD5'
    const fields: Fields = {
      nonce_str: randomBytes(16).toString('hex'),
      ...(given.mchid === undefined && given.mch_id === undefined ? { mch_id: payV2.mchId } : {}),
      ...(type === 'MD5' ? {} : { sign_type: type }),
      ...given
    }
    const key = options.key ?? payV2.apiKey
    if (fields.sign === undefined) fields.sign = v2Sign(fields, key, type)
    const body = `<xml>${Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `<${name}><![CDATA[${value}]]></${name}>`)
      .join('')}</xml>`
    const own = simulator.credentials.merchantFiles().cert
    const clientCertificate = 'certificate' in options ? options.certificate : own
    const response = await simulator.fetch(`https://${options.host ?? 'api.mch.weixin.qq.com'}${path}`, {
      method: 'POST',
      body,
      ...(clientCertificate === undefined ? {} : { clientCertificate })
    } as RequestInit)
    return await response.text()
  }
}

export function v2Sign(fields: Fields, key: string, type: 'MD5' | 'HMAC-SHA256' = 'MD5'): string {
  const text = Object.keys(fields)
    .filter((name) => name !== 'sign' && fields[name] !== undefined && fields[name] !== '')
    .sort()
    .map((name) => `${name}=${fields[name]}&`)
    .join('')
  const digest = type === 'MD5' ? createHash('md5') : createHmac('sha256', key)
  return digest.update(`${text}key=${key}`).digest('hex').toUpperCase()
}

export interface Answer {
  status: number
  body: Record<string, unknown>
  text: string
  bytes: Uint8Array
  headers: Headers
}

export interface Options {
  headers?: Record<string, string>
  /** Changes what is signed. */
  tamper?: (message: string) => string
  timestamp?: number
  serial?: string
  mchId?: string
  body?: string | FormData
  signedBody?: string
}

/** A v3 caller by hand that verifies every signed response. */
export function v3Caller(simulator: Simulator) {
  return async (method: string, target: string, json?: unknown, options: Options = {}): Promise<Answer> => {
    const { payV3 } = simulator.credentials
    const body = options.body ?? (json === undefined ? '' : JSON.stringify(json))
    const timestamp = options.timestamp ?? simulator.clock.seconds()
    const nonce = randomBytes(16).toString('hex')
    const signed = options.signedBody ?? String(body)
    const message = `${method}\n${target}\n${timestamp}\n${nonce}\n${signed}\n`
    const signature = sign('sha256', Buffer.from(options.tamper?.(message) ?? message), payV3.privateKey).toString(
      'base64'
    )
    const token = Object.entries({
      mchid: options.mchId ?? payV3.mchId,
      nonce_str: nonce,
      signature,
      timestamp,
      serial_no: options.serial ?? payV3.certSerial
    })
      .map(([name, value]) => `${name}="${value}"`)
      .join(',')
    const response = await simulator.fetch(`https://api.mch.weixin.qq.com${target}`, {
      method,
      headers: {
        accept: 'application/json',
        'user-agent': 'test',
        ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}),
        authorization: `WECHATPAY2-SHA256-RSA2048 ${token}`,
        ...options.headers
      },
      ...(method === 'GET' ? {} : { body })
    })
    const bytes = new Uint8Array(await response.arrayBuffer())
    const text = new TextDecoder().decode(bytes)
    return { status: response.status, body: asJson(text), text, bytes, headers: response.headers }
  }
}

function asJson(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return {}
  }
}

/** Whether Wechatpay-* headers fit a body under one of the platform's keys. */
export function isSignedBy(headers: Headers, body: string, key: string): boolean {
  const message = `${headers.get('wechatpay-timestamp')}\n${headers.get('wechatpay-nonce')}\n${body}\n`
  const signature = Buffer.from(headers.get('wechatpay-signature') ?? '', 'base64')
  return signature.length > 0 && verify('sha256', Buffer.from(message), key, signature)
}
