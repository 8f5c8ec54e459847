import { decodeEntry, fromUrlSafe } from '../crypto/qiniu.ts'
import type { QiniuAccount } from '../framework/accounts.ts'
import { QiniuFailure } from './failure.ts'
import type { StoredObject } from './records.ts'
import type { QiniuState } from './state.ts'

interface Operation {
  readonly state: QiniuState
  readonly account: QiniuAccount
  /** What follows the name in the path. */
  readonly args: readonly string[]
}

/** Carries out an operation of the rs host; what it returns is the body of the response. */
type Handler = (operation: Operation) => unknown

interface Entry {
  readonly bucket: string
  readonly key: string
}

function entryOf({ state, account, args }: Operation, index = 0): Entry {
  const entry = decodeEntry(args[index] ?? '')
  if (entry?.key === undefined) throw new QiniuFailure(400, 'invalid entry uri')
  state.bucket(entry.bucket, account.accessKey)
  return { bucket: entry.bucket, key: entry.key }
}

function objectOf(operation: Operation, index = 0): StoredObject {
  const { bucket, key } = entryOf(operation, index)
  const object = operation.state.find(bucket, key)
  if (!object) throw new QiniuFailure(612)
  return object
}

/** `name/value/name/value` after the entry. */
function options(args: readonly string[], from: number): Map<string, string> {
  const found = new Map<string, string>()
  for (let i = from; i < args.length; i += 2) found.set(args[i] ?? '', args[i + 1] ?? '')
  return found
}

function integer(text: string | undefined, min: number, max: number): number {
  const value = Number(text)
  if (!/^-?\d+$/.test(text ?? '') || value < min || value > max) throw new QiniuFailure(400)
  return value
}

function describe(object: StoredObject, nowMs: number): Record<string, unknown> {
  const { hash, mimeType, type, putTime, md5, status, endUser, expiration, metadata, parts, restoredUntil } = object
  const isRestored = restoredUntil !== undefined && restoredUntil > nowMs
  return {
    fsize: object.data.length,
    hash,
    mimeType,
    type,
    putTime: BigInt(putTime),
    md5,
    ...(status === 0 ? {} : { status }),
    ...(isRestored ? { restoreStatus: 2 } : {}),
    ...(endUser ? { endUser } : {}),
    ...(expiration === undefined ? {} : { expiration }),
    ...(Object.keys(metadata).length === 0 ? {} : { 'x-qn-meta': metadata }),
    ...(parts === undefined ? {} : { parts })
  }
}

function transfer(operation: Operation, isMove: boolean): void {
  const { state, args } = operation
  const source = objectOf(operation)
  const target = entryOf(operation, 1)
  const isSame = source.bucket === target.bucket && source.key === target.key
  if (state.find(target.bucket, target.key) && !isSame && options(args, 2).get('force') !== 'true')
    throw new QiniuFailure(614)
  if (isSame) {
    if (!isMove) throw new QiniuFailure(614)
    return
  }
  state.copy(source, target.bucket, target.key)
  if (isMove) state.remove(source.bucket, source.key)
}

const HANDLERS: Readonly<Record<string, Handler>> = {
  stat: (operation) => describe(objectOf(operation), operation.state.context.clock.now()),
  delete: (operation) => {
    const { bucket, key } = objectOf(operation)
    operation.state.remove(bucket, key)
  },
  copy: (operation) => transfer(operation, false),
  move: (operation) => transfer(operation, true),
  chgm: (operation) => {
    const object = objectOf(operation)
    for (const [name, encoded] of options(operation.args, 1)) {
      const value = fromUrlSafe(encoded)?.toString()
      if (value === undefined) throw new QiniuFailure(400)
      if (name === 'mime') object.mimeType = value
      const meta = /^x-qn-meta-!?(.+)$/.exec(name)?.[1]
      if (meta !== undefined) object.metadata[meta] = value
    }
  },
  chtype: (operation) => {
    const object = objectOf(operation)
    const type = integer(options(operation.args, 1).get('type'), 0, 4)
    if (type === object.type) throw new QiniuFailure(400, 'already in this storage class')
    const isFrozen = object.type === 2 || object.type === 3
    if (isFrozen && !((object.restoredUntil ?? 0) > operation.state.context.clock.now()))
      throw new QiniuFailure(403, 'the object is archived; restore it first')
    object.type = type
  },
  chstatus: (operation) => {
    objectOf(operation).status = integer(options(operation.args, 1).get('status'), 0, 1)
  },
  deleteAfterDays: (operation) => {
    const object = objectOf(operation)
    const days = integer(operation.args[1], 0, 36_500)
    object.expiration = days === 0 ? undefined : operation.state.daysFromNow(days)
  },
  lifecycle: (operation) => {
    const object = objectOf(operation)
    const given = options(operation.args, 1)
    checkCondition(object, given.get('cond'))
    const days = integer(given.get('deleteAfterDays') ?? '0', -1, 36_500)
    if (days === 0) return
    object.expiration = days < 0 ? undefined : operation.state.daysFromNow(days)
  },
  restoreAr: (operation) => {
    const object = objectOf(operation)
    const days = integer(options(operation.args, 1).get('freezeAfterDays'), 1, 7)
    if (object.type !== 2 && object.type !== 3) throw new QiniuFailure(400, 'the object is not archived')
    object.restoredUntil = operation.state.context.clock.now() + days * 86_400_000
  }
}

function checkCondition(object: StoredObject, encoded: string | undefined): void {
  if (encoded === undefined) return
  const facts: Readonly<Record<string, string>> = {
    hash: object.hash,
    mime: object.mimeType,
    fsize: String(object.data.length),
    putTime: object.putTime
  }
  for (const [name, value] of new URLSearchParams(fromUrlSafe(encoded)?.toString() ?? ''))
    if (facts[name] !== value) throw new QiniuFailure(400, `condition ${name} is not met`)
}

/** Names of the operations, which are the first part of their paths. */
export const OPERATIONS: readonly string[] = Object.keys(HANDLERS)

/** Carries out `/stat/ENTRY`, `/move/ENTRY/ENTRY/force/true` …; `undefined` for a name that is no operation. */
export function runOperation(
  state: QiniuState,
  account: QiniuAccount,
  path: string
): { readonly body: unknown } | undefined {
  const [name = '', ...args] = path.replace(/^\//, '').split('/')
  const handler = Object.hasOwn(HANDLERS, name) ? HANDLERS[name] : undefined
  return handler && { body: handler({ state, account, args }) }
}

const MAX_BATCH = 1000

/** POST /batch: one result per `op`, 298 when any failed. */
export function runBatch(
  state: QiniuState,
  account: QiniuAccount,
  form: URLSearchParams
): { readonly status: number; readonly body: unknown } {
  const paths = form.getAll('op')
  if (paths.length === 0 || paths.length > MAX_BATCH) throw new QiniuFailure(400, 'invalid number of operations')
  const results = paths.map((path) => {
    try {
      const done = runOperation(state, account, path)
      if (!done) throw new QiniuFailure(400, 'invalid operation')
      return done.body === undefined ? { code: 200 } : { code: 200, data: done.body }
    } catch (error) {
      if (!(error instanceof QiniuFailure)) throw error
      return { code: error.status, data: { error: error.message } }
    }
  })
  return { status: results.every(({ code }) => code === 200) ? 200 : 298, body: results }
}

/** An object in a listing. */
export function describeListed(object: StoredObject, nowMs: number): Record<string, unknown> {
  return { key: object.key, ...describe(object, nowMs), status: object.status }
}
