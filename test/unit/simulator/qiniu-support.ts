import { createHmac } from 'node:crypto'
import { createSimulator, SimulatorClock } from 'weixin-kit/simulator'

export const START = Date.UTC(2025, 0, 1)
export const NOW = START / 1000

export const make = (options: Parameters<typeof createSimulator>[0] = {}) =>
  createSimulator({ clock: new SimulatorClock({ startAt: START }), seed: 'qiniu', ...options })
export type Sim = ReturnType<typeof make>
export type Json = Record<string, unknown>

const safe = (data: string | Buffer) =>
  Buffer.from(data as string)
    .toString('base64')
    .replaceAll('+', '-')
    .replaceAll('/', '_')
export const urlSafe = safe
export const hmac = (secretKey: string, text: string) => safe(createHmac('sha1', secretKey).update(text).digest())
export const entry = (bucket: string, key?: string) => safe(key === undefined ? bucket : `${bucket}:${key}`)

export function token(sim: Sim, policy: Json = {}): string {
  const { accessKey, secretKey, bucket } = sim.credentials.qiniu
  const encoded = safe(JSON.stringify({ scope: bucket, deadline: NOW + 3600, ...policy }))
  return `${accessKey}:${hmac(secretKey, encoded)}:${encoded}`
}

export interface FormOptions {
  key?: string
  data?: string | Buffer
  name?: string
  type?: string
  token?: string
  host?: string
  [field: `x${string}`]: string
  crc32?: string
}

export async function answerOf(response: Response) {
  const text = await response.text()
  return { status: response.status, headers: response.headers, json: (text ? JSON.parse(text) : {}) as Json }
}

export async function upload(sim: Sim, policy: Json = {}, options: FormOptions = {}) {
  const { data = 'hello', name = 'f.txt', type = 'text/plain', host = 'up.qiniup.com', ...fields } = options
  const form = new FormData()
  form.set('token', options.token ?? token(sim, policy))
  for (const [field, value] of Object.entries(fields)) if (field !== 'token') form.set(field, value)
  form.set('file', new File([data as string], name, { type }))
  return answerOf(await sim.fetch(`https://${host}/`, { method: 'POST', body: form, redirect: 'manual' }))
}

/** A management call, signed with QBox. */
export async function manage(sim: Sim, path: string, body = '', host = 'rs-z0.qiniuapi.com', method = 'POST') {
  const { accessKey, secretKey } = sim.credentials.qiniu
  const authorization = `QBox ${accessKey}:${hmac(secretKey, `${path}\n${body}`)}`
  const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' }
  const init = method === 'GET' ? { method, headers } : { method, headers, body }
  return answerOf(await sim.fetch(`https://${host}${path}`, init))
}

export function stat(sim: Sim, key: string) {
  return manage(sim, `/stat/${entry(sim.credentials.qiniu.bucket, key)}`)
}

/** A 1 × 2 picture. */
export const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAACCAYAAACZgbYnAAAADElEQVR42mNgwA4AACIAAcUA0JkAAAAASUVORK5CYII=',
  'base64'
)
