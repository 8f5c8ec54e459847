import type { QiniuService } from './hosts.ts'

/** One endpoint of Qiniu's API. */
export interface QiniuEndpoint {
  readonly service: QiniuService | 'uc'
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** `:name` stands for one segment, a final `*name` for the rest. */
  readonly path: string
  /** Whether the client may retry the call automatically. */
  readonly idempotent: boolean
}

const row = (
  service: QiniuEndpoint['service'],
  method: QiniuEndpoint['method'],
  path: string,
  idempotent = true
): QiniuEndpoint => ({ service, method, path, idempotent })

const UPLOADS = '/buckets/:bucket/objects/:object/uploads'

/**
 * Every call of this library. Sources: Qiniu, "API reference" (上传、资源管理、持久化处理). The paths of `objects.…` come from the
 * official package.
 */
export const ENDPOINTS = {
  'region.query': row('uc', 'GET', '/v4/query'),
  'upload.form': row('up', 'POST', '/'),
  'upload.begin': row('up', 'POST', UPLOADS),
  'upload.part': row('up', 'PUT', `${UPLOADS}/:uploadId/:partNumber`),
  'upload.listParts': row('up', 'GET', `${UPLOADS}/:uploadId`),
  'upload.complete': row('up', 'POST', `${UPLOADS}/:uploadId`),
  'upload.discard': row('up', 'DELETE', `${UPLOADS}/:uploadId`),
  // A hash other than ours shows whether an upload whose response was lost has stored the object.
  'upload.stat': row('rs', 'GET', '/stat/:entry'),
  'objects.stat': row('rs', 'GET', '/stat/:entry'),
  'objects.delete': row('rs', 'POST', '/delete/:entry'),
  'objects.copy': row('rs', 'POST', '/copy/:from/*to'),
  'objects.move': row('rs', 'POST', '/move/:from/*to'),
  'objects.chgm': row('rs', 'POST', '/chgm/:entry/*change'),
  'objects.chtype': row('rs', 'POST', '/chtype/:entry/type/:type'),
  'objects.chstatus': row('rs', 'POST', '/chstatus/:entry/status/:status'),
  'objects.deleteAfterDays': row('rs', 'POST', '/deleteAfterDays/:entry/:days'),
  'objects.restore': row('rs', 'POST', '/restoreAr/:entry/freezeAfterDays/:days'),
  // A lost response hides which operations were done; a read-only batch may be retried nevertheless.
  'objects.batch': row('rs', 'POST', '/batch', false),
  'objects.list': row('rsf', 'POST', '/list'),
  'objects.fetch': row('io', 'POST', '/fetch/:url/to/:entry'),
  'objects.prefetch': row('io', 'POST', '/prefetch/:entry'),
  'objects.buckets': row('uc', 'POST', '/buckets'),
  'objects.domains': row('uc', 'POST', '/v3/domains'),
  // Each start is a separate task. Without the trailing slash Qiniu responds 301.
  'processing.pfop': row('api', 'POST', '/pfop/', false),
  'processing.status': row('api', 'GET', '/status/get/prefop')
} as const satisfies Record<string, QiniuEndpoint>

export type QiniuOperation = keyof typeof ENDPOINTS
export type ObjectOperation = Extract<QiniuOperation, `objects.${string}`>

/** Returns the path of an endpoint with its segments filled in; they must already be encoded. */
export function pathOf(endpoint: QiniuEndpoint, segments: Readonly<Record<string, string>>): string {
  return endpoint.path.replace(/:(\w+)/g, (all, name: string) => segments[name] ?? all)
}
