import type { RequestOptions } from '../core/client-options.ts'
import { checkOptions, flag, httpUrl, list, oneOf, optional, required, text } from '../core/options.ts'
import { ConfigError, UnexpectedResponseError } from '../errors/index.ts'
import type { QiniuContext } from './context.ts'
import { encodedEntry } from './encoding.ts'
import { ENDPOINTS } from './endpoints.ts'
import { type ObjectRef, resolveObject } from './object-ref.ts'
import { readResponse, recordOf } from './read-response.ts'

/** Parameters of `processing.pfop`. */
export interface PfopParams {
  /** The object to process. */
  object: ObjectRef
  /** Commands, e.g. `avthumb/mp4`. Not together with `workflowTemplateID`. */
  fops?: readonly string[] | undefined
  /** Private queue (私有队列). */
  pipeline?: string | undefined
  /** Where Qiniu reports the result. Not signed: see {@link PersistentProcessing.status}. */
  notifyURL?: string | URL | undefined
  /** Whether to replace existing results. */
  force?: boolean | undefined
  /** 1: idle-time task. */
  type?: 0 | 1 | undefined
  /** In place of `fops`. */
  workflowTemplateID?: string | undefined
}

/** State of a persistent processing (持久化处理). Source: Qiniu, "prefop". */
export interface PfopStatus {
  id: string
  /** 0 done, 1 waiting, 2 running, 3 failed, 4 notification failed. */
  code: number
  desc: string
  inputBucket: string
  inputKey: string
  /** One per command. */
  items: {
    cmd: string
    code: number
    desc: string
    error?: string
    hash?: string
    key?: string
    [field: string]: unknown
  }[]
  [field: string]: unknown
}

const RULES = {
  object: required((value: unknown) => (value === undefined ? 'is missing' : undefined)),
  fops: optional(list),
  pipeline: optional(text()),
  notifyURL: optional(httpUrl),
  force: optional(flag),
  type: optional(oneOf(0, 1)),
  workflowTemplateID: optional(text())
}

/** Starts and monitors persistent processing (持久化处理). */
export class PersistentProcessing {
  readonly #context: QiniuContext

  /** @internal */
  constructor(context: QiniuContext) {
    this.#context = context
  }

  /**
   * Starts commands on an object. Not retried after a lost response, because each start is a separate task. Official document:
   * "触发持久化处理 (pfop)".
   *
   * @param params Object and commands.
   * @param options `timeoutMs` in milliseconds per attempt.
   * @returns The task, for `status`.
   * @throws {QiniuError} ERR_QINIU
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  async pfop(params: PfopParams, options: RequestOptions = {}): Promise<{ persistentId: string }> {
    const operation = 'processing.pfop'
    checkOptions(params, RULES, { owner: operation, product: 'qiniu', of: 'params' })
    const { fops, pipeline, notifyURL, force, type, workflowTemplateID } = params
    if ((fops === undefined) === (workflowTemplateID === undefined)) {
      throw new ConfigError(`${operation}: set either "fops" or "workflowTemplateID".`, {
        code: 'ERR_INVALID_PARAM',
        option: 'fops',
        product: 'qiniu'
      })
    }
    const { bucket, key } = resolveObject(params.object, this.#context.bucket)
    const form = new URLSearchParams({ bucket, key })
    if (fops) form.set('fops', fops.join(';'))
    if (pipeline) form.set('pipeline', pipeline)
    if (notifyURL) form.set('notifyURL', String(notifyURL))
    if (force) form.set('force', '1')
    if (type !== undefined) form.set('type', String(type))
    if (workflowTemplateID) form.set('workflowTemplateID', workflowTemplateID)
    const call = { ...ENDPOINTS[operation], operation, bucket, body: String(form) }
    const { persistentId } = recordOf(await this.#context.manage(call, options), operation)
    if (typeof persistentId === 'string' && persistentId !== '') return { persistentId }
    throw new UnexpectedResponseError(`${operation}: Qiniu responded without a persistentId.`, { product: 'qiniu' })
  }

  /**
   * Returns the state of a task. The notification that Qiniu posts to `notifyURL` is not signed: take its `id` and
   * query it here. Official document: "持久化处理状态查询 (prefop)".
   *
   * @param persistentId Id from `pfop` or an upload with `persistentOps`.
   * @param options `timeoutMs` in milliseconds per attempt.
   * @throws {QiniuError} ERR_QINIU
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE if the response belongs to another task
   */
  async status(persistentId: string, options: RequestOptions = {}): Promise<PfopStatus> {
    const operation = 'processing.status'
    checkOptions(
      { persistentId },
      { persistentId: required(text()) },
      { owner: operation, product: 'qiniu', of: 'params' }
    )
    const { service, method, path, idempotent } = ENDPOINTS[operation]
    const { url } = await this.#context.addresses(service, this.#context.bucket, path, { id: persistentId }, options)
    const body = await this.#context.http.call(
      { operation, method, url, idempotent, readsAll: true, read: (response) => readResponse(response, operation) },
      options
    )
    const status = recordOf(body, operation) as PfopStatus
    if (status.id === persistentId) return status
    throw new UnexpectedResponseError(`${operation}: the response belongs to another task.`, { product: 'qiniu' })
  }

  /**
   * Returns a command that also says where its result is saved (`saveas`).
   *
   * @param command E.g. `avthumb/mp4`.
   * @param target Where the result is saved.
   * @returns The command for `fops` or `persistentOps`.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  saveAs(command: string, target: ObjectRef): string {
    const { bucket, key } = resolveObject(target, this.#context.bucket)
    return `${command}|saveas/${encodedEntry(bucket, key)}`
  }
}
