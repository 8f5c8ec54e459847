import { ConfigError, type QiniuError, UnexpectedResponseError } from '../errors/index.ts'
import { numberOf } from '../internal/number-of.ts'
import type { ObjectRef, ResolvedObject } from './object-ref.ts'
import type { OfficialModule } from './official.ts'
import { qiniuError, withTextTime } from './read-response.ts'

/** One operation of a batch. */
export type BatchOperation =
  | { op: 'stat' | 'delete'; object: ObjectRef }
  | { op: 'copy' | 'move'; from: ObjectRef; to: ObjectRef; force?: boolean | undefined }
  | { op: 'chgm'; object: ObjectRef; mimeType: string }
  | { op: 'chtype'; object: ObjectRef; type: 0 | 1 | 2 | 3 | 4 }
  | { op: 'chstatus'; object: ObjectRef; status: 0 | 1 }
  | { op: 'deleteAfterDays'; object: ObjectRef; days: number }

/** Result of one operation of a batch. */
export interface BatchResult {
  /** HTTP status of this operation: 200, 612, … */
  code: number
  /** Result of a `stat`, otherwise empty or an error. */
  data: Record<string, unknown>
  /** For every code except 200. */
  error?: QiniuError
}

const MAX_OPERATIONS = 1000

/** Returns the operations as paths, built by the official package. */
export function batchPaths(
  operations: readonly BatchOperation[],
  resolve: (object: ObjectRef) => ResolvedObject,
  { rs }: OfficialModule
): string[] {
  if (!Array.isArray(operations) || operations.length === 0 || operations.length > MAX_OPERATIONS) {
    throw invalid(`expected 1 to ${MAX_OPERATIONS} operations`)
  }
  const at = (object: ObjectRef) => {
    const { bucket, key } = resolve(object)
    return [bucket, key] as const
  }
  return operations.map((operation: BatchOperation) => {
    switch (operation.op) {
      case 'stat':
        return rs.statOp(...at(operation.object))
      case 'delete':
        return rs.deleteOp(...at(operation.object))
      case 'copy':
        return rs.copyOp(...at(operation.from), ...at(operation.to), { force: operation.force ?? false })
      case 'move':
        return rs.moveOp(...at(operation.from), ...at(operation.to), { force: operation.force ?? false })
      case 'chgm':
        return rs.changeMimeOp(...at(operation.object), operation.mimeType)
      case 'chtype':
        return rs.changeTypeOp(...at(operation.object), operation.type)
      case 'chstatus':
        return rs.changeStatusOp(...at(operation.object), operation.status)
      case 'deleteAfterDays':
        return rs.deleteAfterDaysOp(...at(operation.object), operation.days)
      default:
        throw invalid('an operation has an unknown "op"')
    }
  })
}

/** Reads one result per operation. */
export function readBatch(body: unknown, expected: number): BatchResult[] {
  if (!Array.isArray(body) || body.length !== expected) {
    throw new UnexpectedResponseError(`objects.batch: expected ${expected} results from Qiniu.`, { product: 'qiniu' })
  }
  return body.map((item: unknown, index) => {
    const { code, data } = (item ?? {}) as { code?: unknown; data?: unknown }
    const result: BatchResult = { code: numberOf(code), data: withTextTime((data ?? {}) as Record<string, unknown>) }
    if (result.code === 200) return result
    const text = JSON.stringify(data ?? {})
    return { ...result, error: qiniuError(`objects.batch (operation ${index + 1})`, { status: result.code, text }) }
  })
}

function invalid(message: string): ConfigError {
  return new ConfigError(`objects.batch: ${message}.`, {
    code: 'ERR_INVALID_PARAM',
    option: 'operations',
    product: 'qiniu'
  })
}
