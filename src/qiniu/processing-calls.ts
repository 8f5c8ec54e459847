import type { RequestOptions } from '../core/client-options.ts'
import { checkOptions, flag, httpUrl, list, oneOf, optional, required, text } from '../core/options.ts'
import { ConfigError, UnexpectedResponseError } from '../errors/index.ts'
import type { QiniuContext } from './context.ts'
import { ENDPOINTS } from './endpoints.ts'
import type { PfopParams, PfopStatus } from './persistent-processing.ts'
import { readAnswer, recordOf } from './read-answer.ts'

const RULES = {
  object: required((value: unknown) => (value === undefined ? 'is missing' : undefined)),
  fops: optional(list),
  pipeline: optional(text()),
  notifyURL: optional(httpUrl),
  force: optional(flag),
  type: optional(oneOf(0, 1)),
  workflowTemplateID: optional(text())
}

/** The calls of `PersistentProcessing`. */
export class ProcessingCalls {
  readonly #context: QiniuContext

  constructor(context: QiniuContext) {
    this.#context = context
  }

  async pfop(params: PfopParams, options: RequestOptions): Promise<{ persistentId: string }> {
    const operation = 'processing.pfop'
    checkOptions(params, RULES, { owner: operation, product: 'qiniu', of: 'params' })
    const { fops, pipeline, notifyURL, force, type, workflowTemplateID } = params
    if ((fops === undefined) === (workflowTemplateID === undefined)) {
      throw new ConfigError(`${operation}: give either "fops" or "workflowTemplateID".`, {
        code: 'ERR_INVALID_PARAM',
        option: 'fops',
        product: 'qiniu'
      })
    }
    const { tools, bucket: ownBucket } = this.#context
    const { bucket, key } = tools.resolveObject(params.object, ownBucket)
    const form = new URLSearchParams({ bucket, key })
    if (fops) form.set('fops', fops.join(';'))
    if (pipeline) form.set('pipeline', pipeline)
    if (notifyURL) form.set('notifyURL', String(notifyURL))
    if (force) form.set('force', '1')
    if (type !== undefined) form.set('type', String(type))
    if (workflowTemplateID) form.set('workflowTemplateID', workflowTemplateID)
    const answer = await this.#context.manage(
      { ...ENDPOINTS[operation], operation, bucket, body: String(form) },
      options
    )
    const { persistentId } = recordOf(answer, operation)
    if (typeof persistentId === 'string' && persistentId !== '') return { persistentId }
    throw new UnexpectedResponseError(`${operation}: Qiniu answered without a persistentId.`, { product: 'qiniu' })
  }

  async status(persistentId: string, options: RequestOptions): Promise<PfopStatus> {
    const operation = 'processing.status'
    checkOptions(
      { persistentId },
      { persistentId: required(text()) },
      { owner: operation, product: 'qiniu', of: 'params' }
    )
    const { bucket } = this.#context
    const query = { id: persistentId }
    const { service, method, path, idempotent } = ENDPOINTS[operation]
    const { url } = await this.#context.addresses(service, bucket, path, query, options)
    const answer = await this.#context.http.call(
      { operation, method, url, idempotent, readsAll: true, read: (response) => readAnswer(response, operation) },
      options
    )
    const status = recordOf(answer, operation) as PfopStatus
    if (status.id === persistentId) return status
    throw new UnexpectedResponseError(`${operation}: the answer belongs to another task.`, { product: 'qiniu' })
  }
}
