import { decodeEntry, etag, fromUrlSafe } from '../crypto/qiniu.ts'
import type { QiniuAccount } from '../framework/accounts.ts'
import type { Exchange } from '../framework/exchange.ts'
import { callBack } from './callback.ts'
import { QiniuFailure } from './failure.ts'
import { fillForm, fillJson, magicVariables } from './magic-variables.ts'
import type { StoredObject } from './records.ts'
import { loadSource } from './remote-source.ts'
import type { QiniuState } from './state.ts'

/** POST /fetch/URL/to/ENTRY of the io host. */
export async function fetchObject(
  state: QiniuState,
  account: QiniuAccount,
  url: string,
  entry: string
): Promise<unknown> {
  const target = decodeEntry(entry)
  const source = fromUrlSafe(url)?.toString()
  if (!target || !source) throw new QiniuFailure(400, 'invalid entry uri')
  state.bucket(target.bucket, account.accessKey)
  const { data, mimeType } = await loadSource(state, source)
  const object = state.put({ bucket: target.bucket, key: target.key ?? etag(data), data, mimeType })
  return { hash: object.hash, key: object.key, fsize: data.length, mimeType }
}

/** POST /prefetch/ENTRY of the io host: renews an object from the mirror source. */
export async function prefetchObject(state: QiniuState, account: QiniuAccount, entry: string): Promise<void> {
  const target = decodeEntry(entry)
  if (target?.key === undefined) throw new QiniuFailure(400, 'invalid entry uri')
  const bucket = state.bucket(target.bucket, account.accessKey)
  if (!bucket.mirror) throw new QiniuFailure(478, 'the bucket has no mirror source')
  const path = target.key.split('/').map(encodeURIComponent).join('/')
  const { data, mimeType } = await loadSource(state, `${bucket.mirror.replace(/\/$/, '')}/${path}`)
  state.put({ bucket: bucket.name, key: target.key, data, mimeType })
}

/** POST /sisyphus/fetch of the api host. */
export function fetchLater(state: QiniuState, account: QiniuAccount, exchange: Exchange): unknown {
  const { context } = state
  const job = exchange.json() as Record<string, unknown> | undefined
  const text = (name: string) => (typeof job?.[name] === 'string' ? (job[name] as string) : '')
  if (!text('url')) throw new QiniuFailure(400, 'url is missing')
  const bucket = state.bucket(text('bucket'), account.accessKey).name
  const id = context.random.hex(32)
  const record = { bucket, done: false }
  state.fetches.set(id, record)
  context.clock.schedule(1_000, async () => {
    const object = await storeLater(state, bucket, text).catch((error: unknown) => {
      if (!(error instanceof QiniuFailure)) throw error
      return undefined
    })
    record.done = true
    if (!text('callbackurl')) return
    const contentType = text('callbackbodytype') || 'application/x-www-form-urlencoded'
    const fill = contentType.includes('json') ? fillJson : fillForm
    const variables = magicVariables({
      bucket,
      key: object?.key ?? text('key'),
      hash: object?.hash ?? '',
      data: object?.data ?? new Uint8Array(),
      fname: undefined,
      mimeType: object?.mimeType ?? '',
      endUser: undefined,
      persistentId: undefined,
      variables: {},
      timeMs: context.clock.now()
    })
    const body = fill(text('callbackbody') || 'bucket=$(bucket)&key=$(key)&hash=$(etag)', variables)
    await callBack(state, {
      account,
      urls: text('callbackurl'),
      host: text('callbackhost') || undefined,
      body,
      contentType
    })
  })
  return { id, wait: 0 }
}

async function storeLater(
  state: QiniuState,
  bucket: string,
  text: (name: string) => string
): Promise<StoredObject | undefined> {
  for (const url of text('url').split(';')) {
    const loaded = await loadSource(state, url).catch((error: unknown) => {
      if (!(error instanceof QiniuFailure)) throw error
      return undefined
    })
    if (!loaded) continue
    const hash = etag(loaded.data)
    if (text('etag') && text('etag') !== hash) continue
    return state.put({ bucket, key: text('key') || hash, ...loaded })
  }
  return undefined
}
