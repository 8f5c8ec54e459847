import { crc32 } from '../crypto/qiniu.ts'
import type { Exchange } from '../framework/exchange.ts'
import { redirectFailure } from './callback.ts'
import { QiniuFailure } from './failure.ts'
import { finishUpload } from './finish-upload.ts'
import { readUploadToken } from './put-policy.ts'
import type { QiniuState } from './state.ts'

/** POST of a form to an upload host (表单上传). */
export async function uploadForm(state: QiniuState, exchange: Exchange): Promise<Response> {
  const type = exchange.headers.get('content-type') ?? ''
  if (!/^multipart\/form-data\b/i.test(type)) throw new QiniuFailure(400, 'invalid multipart format: not a form')
  const form = await exchange.formData()
  if (!form) throw new QiniuFailure(400, 'invalid multipart format')
  const text = (name: string) => {
    const value = form.get(name)
    return typeof value === 'string' ? value : undefined
  }
  const token = readUploadToken(state, exchange, text('token'))
  const { returnUrl } = token.policy
  try {
    const file = form.get('file')
    if (file === null) throw new QiniuFailure(400, 'file is not specified in multipart')
    const data = new Uint8Array(typeof file === 'string' ? Buffer.from(file) : await file.arrayBuffer())
    const sum = text('crc32')
    if (sum !== undefined && Number(sum) !== crc32(data)) throw new QiniuFailure(406)
    return await finishUpload(state, exchange, {
      token,
      data,
      key: text('key'),
      fname: typeof file === 'string' ? text('fileName') : file.name,
      mimeType: typeof file === 'string' ? undefined : file.type || undefined,
      variables: withPrefix(form, 'x:'),
      metadata: withoutPrefix(withPrefix(form, 'x-qn-meta-'), 'x-qn-meta-')
    })
  } catch (error) {
    if (error instanceof QiniuFailure && returnUrl) return redirectFailure(returnUrl, error.status, error.message)
    throw error
  }
}

/** Text fields whose name has a prefix; empty ones do not count. */
function withPrefix(form: Iterable<[string, unknown]>, prefix: string): Record<string, string> {
  const found: [string, string][] = []
  for (const [name, value] of form)
    if (name.startsWith(prefix) && name.length > prefix.length && typeof value === 'string' && value !== '')
      found.push([name, value])
  return Object.fromEntries(found)
}

export function withoutPrefix(fields: Readonly<Record<string, unknown>>, prefix: string): Record<string, string> {
  const entries = Object.entries(fields).filter(([name]) => name.startsWith(prefix))
  return Object.fromEntries(entries.map(([name, value]) => [name.slice(prefix.length), String(value)]))
}
