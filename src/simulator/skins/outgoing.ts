import type { ServerResponse } from 'node:http'
import type { CoreAnswer } from '../framework/core.ts'
import { RawHeaders } from '../framework/raw-headers.ts'

const NULL_BODY = [204, 205, 304]

type Head = Pick<CoreAnswer, 'status' | 'head'>

/** @internal The head of a response whose body has `length` bytes. */
export function writeHead(response: ServerResponse, { status, head }: Head, length: number): void {
  const raw = head instanceof RawHeaders ? head.raw : undefined
  if (raw) {
    response.writeHead(status, [...raw, 'content-length', String(length)])
    return
  }
  const headers = head instanceof RawHeaders ? head.headers : head
  const fields: Record<string, string | number | string[]> = {}
  for (const [name, value] of headers) if (name !== 'set-cookie') fields[name] = value
  const cookies = headers.getSetCookie()
  if (cookies.length > 0) fields['set-cookie'] = cookies
  if (!NULL_BODY.includes(status)) fields['content-length'] ??= length
  response.writeHead(status, fields)
}

/** @internal A text goes out with the head in one piece. */
export function send(response: ServerResponse, method: string, answer: Head, body: string | Uint8Array): void {
  writeHead(response, answer, typeof body === 'string' ? Buffer.byteLength(body) : body.length)
  response.end(method === 'HEAD' || NULL_BODY.includes(answer.status) ? undefined : body)
}

/** @internal Events as they come, until the page goes away. */
export async function stream(response: ServerResponse, answer: Response): Promise<void> {
  response.writeHead(answer.status, Object.fromEntries(answer.headers))
  const reader = answer.body?.getReader()
  response.once('close', () => void reader?.cancel())
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) response.write(part.value)
  response.end()
}
