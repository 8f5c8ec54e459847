import type { FetchHandler } from '../../core/fetch-handler.ts'
import { callback, checkOptions, flag, integer, optional, required } from '../../core/options.ts'
import { equalsConstantTime, hashHex } from '../../internal/hash.ts'
import { randomBytesPooled } from '../../internal/random.ts'
import { sleep } from '../../internal/sleep.ts'
import type { WeChatApiClient } from '../../wechat-api/wechat-api-client.ts'

/** A login by a scanned code, collected by a browser. */
export interface QrLogin {
  /** openid of the follower who scanned the code. */
  openid: string
  request: Request
}

/** Headers for the response that ends a login. */
export type QrLoginReply = { headers?: RequestInit['headers'] | undefined } | undefined

/** Options of `qrCode.loginFlow`. */
export interface QrLoginOptions {
  /**
   * Creates the session; its headers (`set-cookie`) are sent with the response. Called once per code; if it throws,
   * `status` throws the error too, and the login can be collected again until the code expires.
   */
  onLogin(login: QrLogin): QrLoginReply | Promise<QrLoginReply>
  /** Seconds until a code expires, 60 to 1800. Default 300. */
  ttlSeconds?: number | undefined
  /** Whether the site is served over https: no other host of the domain can then set the cookie. Default `true`. */
  secure?: boolean | undefined
}

/** The fields of the gateway's `SCAN` and `subscribe` events that a login needs. */
export interface ScanEvent {
  FromUserName: string
  EventKey?: unknown
}

/** The parts of a login by QR code: two handlers for the site, one function for the events of the message gateway. */
export interface QrLoginFlow {
  /** `POST`: creates a code. JSON `{ imageUrl, expiresInSeconds }`; binds it to the browser by a cookie. */
  begin: FetchHandler
  /**
   * `GET`: JSON `{ status }`, `waiting`, `done` or `expired`. With `?wait=20` it responds when the code is scanned, or
   * after that many seconds (up to 25). `done` is sent once, with the headers of `onLogin`.
   */
  status: FetchHandler
  /**
   * Takes the events `SCAN` and `subscribe`.
   *
   * @param event The `SCAN` or `subscribe` event as the gateway passes it.
   * @returns Whether the code belongs to a waiting login: mention in the reply where the user has just logged in.
   * @throws {StoreError} ERR_STORE
   */
  scanned(event: ScanEvent): Promise<boolean>
}

/** The part of `mp.qrCode` that a login needs. */
interface QrCodes {
  createTemporary(
    params: { scene_str: string; expire_seconds: number },
    options: { signal: AbortSignal }
  ): Promise<{ ticket: string }>
  imageUrl(ticket: string): URL
}

const PREFIX = 'wxkit-login-'
const SCENE = new RegExp(`^(?:qrscene_)?${PREFIX}([\\w-]{32})$`)
const DEFAULT_TTL_SECONDS = 300
const LONGEST_WAIT_SECONDS = 25
const POLL_MS = 500
const RULES = { onLogin: required(callback), ttlSeconds: optional(integer(60, 1800)), secure: optional(flag) }

/**
 * A login that shows a code and waits for its scan. The code is public; the login is collected with a secret in the
 * cookie of the browser that requested it, of which the store has only the hash. The first scan counts, and the login
 * is collected once.
 */
export function createQrLoginFlow(api: WeChatApiClient, qrCode: QrCodes, options: QrLoginOptions): QrLoginFlow {
  checkOptions(options, RULES, { owner: 'qrCode.loginFlow', product: 'mp' })
  const { ttlSeconds = DEFAULT_TTL_SECONDS, secure = true, onLogin } = options
  const cookieName = `${secure ? '__Host-' : ''}wxkit_qr_login`
  const { store } = api
  const keyOf = (id: string) => api.storeKey(`qr-login:${hashHex('sha256', id)}`)
  const setCookie = (value: string, seconds: number) =>
    `${cookieName}=${value}; Max-Age=${seconds}; Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`

  const begin: FetchHandler = async (request) => {
    if (request.method !== 'POST') return reply({ status: 'use POST' }, 405)
    const id = randomBytesPooled(24).toString('base64url')
    const secret = randomBytesPooled(24).toString('base64url')
    const scene = { scene_str: PREFIX + id, expire_seconds: ttlSeconds }
    const { ticket } = await qrCode.createTemporary(scene, { signal: request.signal })
    await store.set(keyOf(id), hashHex('sha256', secret), ttlSeconds * 1000)
    const body = { imageUrl: qrCode.imageUrl(ticket).href, expiresInSeconds: ttlSeconds }
    return reply(body, 200, { 'set-cookie': setCookie(`${id}.${secret}`, ttlSeconds) })
  }

  const status: FetchHandler = async (request) => {
    if (request.method !== 'GET') return reply({ status: 'use GET' }, 405)
    const [id = '', secret = ''] = readCookie(request.headers.get('cookie') ?? '', cookieName).split('.')
    const key = keyOf(id)
    const wait = Number(new URL(request.url).searchParams.get('wait') ?? 0)
    const waitMs = Math.min(Number.isFinite(wait) ? wait : 0, LONGEST_WAIT_SECONDS) * 1000
    for (let waitedMs = 0; ; waitedMs += POLL_MS) {
      const expected = await store.get(key)
      if (expected === undefined || !equalsConstantTime(hashHex('sha256', secret), expected)) {
        return reply({ status: 'expired' })
      }
      const openid = await store.get(`${key}:openid`)
      if (openid !== undefined) {
        // Only one of several requests collects it.
        if (!(await store.compareAndDelete(key, expected))) return reply({ status: 'expired' })
        const headers = await logIn(key, expected, { openid, request })
        headers.append('set-cookie', setCookie('', 0))
        return reply({ status: 'done' }, 200, headers)
      }
      if (waitedMs >= waitMs) return reply({ status: 'waiting' })
      await sleep(POLL_MS, request.signal)
    }
  }

  /** What failed can be collected again: the scan is not to be lost for a session that was not made. */
  const logIn = async (key: string, expected: string, login: QrLogin): Promise<Headers> => {
    try {
      return new Headers((await onLogin(login))?.headers)
    } catch (error) {
      await store.setIfAbsent(key, expected, ttlSeconds * 1000)
      throw error
    }
  }

  const scanned = async ({ FromUserName, EventKey }: ScanEvent): Promise<boolean> => {
    const id = SCENE.exec(String(EventKey ?? ''))?.[1]
    if (id === undefined || (await store.get(keyOf(id))) === undefined) return false
    // The first scan counts: a later scan of a photo of the screen has no effect.
    const key = `${keyOf(id)}:openid`
    return (await store.setIfAbsent(key, FromUserName, ttlSeconds * 1000)) || (await store.get(key)) === FromUserName
  }

  return { begin, status, scanned }
}

function readCookie(header: string, name: string): string {
  for (const part of header.split(';')) {
    const at = part.indexOf('=')
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim()
  }
  return ''
}

function reply(body: object, status = 200, headers?: RequestInit['headers']): Response {
  const response = Response.json(body, { status, headers: headers ?? {} })
  response.headers.set('cache-control', 'no-store')
  return response
}
