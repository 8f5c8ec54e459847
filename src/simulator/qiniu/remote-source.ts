import { QiniuFailure } from './failure.ts'
import type { QiniuState } from './state.ts'

/** What is at a URL: content that a test put there, something of this simulator, or a server on this machine. */
export async function loadSource(state: QiniuState, url: string): Promise<{ data: Uint8Array; mimeType: string }> {
  const known = state.sources.get(url)
  if (known) return known
  const failed = (reason: string) => new QiniuFailure(478, `httpGet url failed: ${reason}`)
  if (!URL.canParse(url)) throw new QiniuFailure(400, 'invalid url')
  let response: Response
  try {
    response = await state.context.fetch(url)
  } catch (error) {
    throw failed(error instanceof Error ? error.message : String(error))
  }
  if (response.status !== 200) throw failed(String(response.status))
  const mimeType = response.headers.get('content-type') ?? 'application/octet-stream'
  return { data: new Uint8Array(await response.arrayBuffer()), mimeType }
}
