import { fromUrlSafe, urlSafe } from '../crypto/qiniu.ts'
import type { QiniuAccount } from '../framework/accounts.ts'
import { QiniuFailure } from './failure.ts'
import { describeListed } from './object-operations.ts'
import type { StoredObject } from './records.ts'
import type { QiniuState } from './state.ts'

interface Page {
  readonly marker: string
  readonly commonPrefixes: string[]
  readonly items: StoredObject[]
}

/** The keys of a bucket after `after`, in the order of their bytes. */
function keysAfter(state: QiniuState, bucket: string, prefix: string, after: string | undefined): string[] {
  const start = after === undefined ? undefined : Buffer.from(after)
  const found: { key: string; bytes: Buffer }[] = []
  for (const { bucket: name, key } of state.objects.values()) {
    if (name !== bucket || !key.startsWith(prefix)) continue
    const bytes = Buffer.from(key)
    if (start === undefined || bytes.compare(start) > 0) found.push({ key, bytes })
  }
  return found.sort((a, b) => a.bytes.compare(b.bytes)).map(({ key }) => key)
}

function readMarker(marker: string): string | undefined {
  if (marker === '') return undefined
  try {
    const { k } = JSON.parse(fromUrlSafe(marker)?.toString() ?? '') as { k?: unknown }
    if (typeof k === 'string') return k
  } catch {
    // Falls through to the refusal.
  }
  throw new QiniuFailure(640)
}

function listPage(state: QiniuState, account: QiniuAccount, query: URLSearchParams): Page {
  const { name } = state.bucket(query.get('bucket') ?? '', account.accessKey)
  const limit = Number(query.get('limit') || 1000)
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) throw new QiniuFailure(400, 'invalid list limit')
  const prefix = query.get('prefix') ?? ''
  const delimiter = query.get('delimiter') ?? ''
  const after = readMarker(query.get('marker') ?? '')
  const items: StoredObject[] = []
  const commonPrefixes: string[] = []
  let last: string | undefined
  let folded: string | undefined
  for (const key of keysAfter(state, name, prefix, after)) {
    const object = state.find(name, key)
    if (!object) continue
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
    const folder = cut < 0 ? undefined : key.slice(0, cut + delimiter.length)
    if (folder !== undefined && folder === folded) {
      last = key
      continue
    }
    if (items.length + commonPrefixes.length === limit)
      return { marker: urlSafe(JSON.stringify({ c: 0, k: last })), commonPrefixes, items }
    last = key
    folded = folder
    if (folder === undefined) items.push(object)
    else commonPrefixes.push(folder)
  }
  return { marker: '', commonPrefixes, items }
}

/** /list of the rsf host. */
export function listObjects(state: QiniuState, account: QiniuAccount, query: URLSearchParams): unknown {
  const { marker, commonPrefixes, items } = listPage(state, account, query)
  const now = state.context.clock.now()
  return {
    ...(marker === '' ? {} : { marker }),
    ...(commonPrefixes.length === 0 ? {} : { commonPrefixes }),
    items: items.map((object) => describeListed(object, now))
  }
}
