import type { RequestOptions } from '../core/client-options.ts'
import { QiniuError } from '../errors/index.ts'
import type { QiniuContext } from './context.ts'
import { encodedEntry } from './encoding.ts'
import { ENDPOINTS, type ObjectOperation, pathOf } from './endpoints.ts'
import type { QiniuService } from './hosts.ts'
import type { ResolvedObject } from './object-ref.ts'
import { type OfficialBucketManager, type OfficialModule, runOfficial } from './official.ts'
import { readResponse, recordOf } from './read-response.ts'

/** The call of the official package's manager. */
export type Run = (manager: OfficialBucketManager, module: OfficialModule) => Promise<{ data: unknown }>

/** Whether a refusal means that an earlier attempt, whose response was lost, succeeded. */
export type DoneAlready = (error: QiniuError, attempt: number) => Promise<boolean> | boolean

interface ObjectRun {
  operation: ObjectOperation
  bucket: string
  run: Run
  isDone: DoneAlready | undefined
  /** Default: that of the operation's row. */
  idempotent: boolean | undefined
}

/**
 * Runs an operation: the official package builds the request, and the client's own transport signs and sends it and
 * reads the response.
 *
 * @throws {QiniuError} ERR_QINIU
 * @throws {ConfigError} ERR_MISSING_DEPENDENCY without the package `qiniu`
 */
export function runObjectOperation(
  context: QiniuContext,
  { operation, bucket, run, isDone, idempotent = ENDPOINTS[operation].idempotent }: ObjectRun,
  options: RequestOptions
): Promise<unknown> {
  const read = async (response: Response, attempt: number): Promise<unknown> => {
    try {
      return await readResponse(response, operation)
    } catch (error) {
      if (error instanceof QiniuError && (await isDone?.(error, attempt))) return {}
      throw error
    }
  }
  const send = async (method: 'GET' | 'POST', url: string, body: string | undefined) => {
    const { hostname, pathname, search } = new URL(url)
    const service = hostname.replace('.invalid', '') as QiniuService | 'uc'
    const path = pathname + search
    const data = await context.manage({ operation, service, bucket, method, path, body, idempotent, read }, options)
    return { data, resp: { statusCode: 200 }, ok: () => true, needRetry: () => false }
  }
  const transport = {
    get: ({ url }: { url: string }) => send('GET', url, undefined),
    post: ({ url, data }: { url: string; data?: string }) => send('POST', url, data)
  }
  return runOfficial(operation, transport, run)
}

/** Returns the hash of an object; `undefined` if it does not exist. */
export async function hashOf(context: QiniuContext, { bucket, key }: ResolvedObject): Promise<string | undefined> {
  const operation = 'objects.stat'
  const endpoint = ENDPOINTS[operation]
  const path = pathOf(endpoint, { entry: encodedEntry(bucket, key) })
  try {
    const { hash } = recordOf(await context.manage({ ...endpoint, operation, bucket, path }, {}), operation)
    return typeof hash === 'string' ? hash : undefined
  } catch (error) {
    if (error instanceof QiniuError && error.status === 612) return undefined
    throw error
  }
}
