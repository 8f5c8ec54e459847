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

function byKey(a: StoredObject, b: StoredObject): number {
  return Buffer.compare(Buffer.from(a.key), Buffer.from(b.key))
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
  const candidates = [...state.objects.values()].filter((object) => object.bucket === name).sort(byKey)
  for (const { key } of candidates) {
    if (!key.startsWith(prefix)) continue
    if (after !== undefined && Buffer.compare(Buffer.from(key), Buffer.from(after)) <= 0) continue
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
