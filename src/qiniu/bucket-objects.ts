import type { RequestOptions } from '../core/client-options.ts'
import { checkOptions, flag, httpUrl, integer, oneOf, optional, record, required, text } from '../core/options.ts'
import { ConfigError, UnexpectedResponseError } from '../errors/index.ts'
import { given } from '../internal/given.ts'
import { type BatchOperation, type BatchResult, batchPaths, readBatch } from './batch.ts'
import type { QiniuContext } from './context.ts'
import type { ObjectOperation } from './endpoints.ts'
import { type ObjectRef, type ResolvedObject, resolveObject } from './object-ref.ts'
import type { CopyParams, ListedObject, ListPage, ListParams, ObjectInfo } from './object-types.ts'
import { recordOf, withTextTime } from './read-response.ts'
import { type DoneAlready, hashOf, type Run, runObjectOperation } from './run-object-operation.ts'

/**
 * Objects of a bucket (资源管理). Every method loads the official package `qiniu`, an optional peer dependency, on first
 * use and throws ERR_MISSING_DEPENDENCY without it; calls use the client's transport.
 */
export class BucketObjects {
  readonly #context: QiniuContext

  /** @internal */
  constructor(context: QiniuContext) {
    this.#context = context
  }

  /**
   * Returns size (bytes), hash, type and time of an object; status 612 if it does not exist. Official document:
   * "资源元信息查询 (stat)".
   *
   * @param object Its key in the client's bucket, or bucket and key.
   * @param options `timeoutMs` in milliseconds per attempt.
   * @throws {QiniuError} ERR_QINIU
   * @throws {ConfigError} ERR_INVALID_PARAM; ERR_MISSING_DEPENDENCY without the package `qiniu`
   */
  async stat(object: ObjectRef, options: RequestOptions = {}): Promise<ObjectInfo> {
    const { bucket, key } = this.#resolve(object)
    const body = await this.#run('objects.stat', bucket, (manager) => manager.stat(bucket, key), options)
    return withTextTime(recordOf(body, 'objects.stat')) as unknown as ObjectInfo
  }

  /**
   * Deletes an object. A retry that no longer finds it counts as success; 612 on the first attempt is thrown. Official
   * document: "资源删除".
   *
   * @param object Its key in the client's bucket, or bucket and key.
   * @param options `timeoutMs` in milliseconds per attempt.
   * @throws {QiniuError} ERR_QINIU
   * @throws {ConfigError} ERR_INVALID_PARAM; ERR_MISSING_DEPENDENCY without the package `qiniu`
   */
  async delete(object: ObjectRef, options: RequestOptions = {}): Promise<void> {
    const { bucket, key } = this.#resolve(object)
    await this.#run(
      'objects.delete',
      bucket,
      (manager) => manager.delete(bucket, key),
      options,
      (error, attempt) => {
        return attempt > 1 && error.status === 612
      }
    )
  }

  /**
   * Copies an object, also between buckets of one region; 614 if the target exists and `force` is not set. Official
   * document: "资源复制".
   *
   * @param params Source, target, and whether to replace.
   * @param options `timeoutMs` in milliseconds per attempt.
   * @throws {QiniuError} ERR_QINIU
   * @throws {ConfigError} ERR_INVALID_PARAM; ERR_MISSING_DEPENDENCY without the package `qiniu`
   */
  async copy(params: CopyParams, options: RequestOptions = {}): Promise<void> {
    const { from, to, force } = this.#pair('objects.copy', params)
    const run: Run = (manager) => manager.copy(from.bucket, from.key, to.bucket, to.key, { force })
    await this.#run('objects.copy', from.bucket, run, options, async (error, attempt) => {
      // The lost response of an earlier attempt may have been a success: then both objects are identical.
      return (
        attempt > 1 && error.status === 614 && (await hashOf(this.#context, from)) === (await hashOf(this.#context, to))
      )
    })
  }

  /**
   * Moves or renames an object; 614 if the target exists and `force` is not set. Official document: "资源移动".
   *
   * @param params Source, target, and whether to replace.
   * @param options `timeoutMs` in milliseconds per attempt.
   * @throws {QiniuError} ERR_QINIU
   * @throws {ConfigError} ERR_INVALID_PARAM; ERR_MISSING_DEPENDENCY without the package `qiniu`
   */
  async move(params: CopyParams, options: RequestOptions = {}): Promise<void> {
    const { from, to, force } = this.#pair('objects.move', params)
    const run: Run = (manager) => manager.move(from.bucket, from.key, to.bucket, to.key, { force })
    await this.#run('objects.move', from.bucket, run, options, async (error, attempt) => {
      return attempt > 1 && error.status === 612 && (await hashOf(this.#context, to)) !== undefined
    })
  }

  /**
   * Changes MIME type, metadata (names without `x-qn-meta-`) or both. Official document: "资源元信息修改".
   *
   * @param object Its key in the client's bucket, or bucket and key.
   * @param change The new values.
   * @param options `timeoutMs` in milliseconds per attempt.
   * @throws {QiniuError} ERR_QINIU
   * @throws {ConfigError} ERR_INVALID_PARAM; ERR_MISSING_DEPENDENCY without the package `qiniu`
   */
  async chgm(
    object: ObjectRef,
    change: { mimeType?: string | undefined; metadata?: Readonly<Record<string, string>> | undefined },
    options: RequestOptions = {}
  ): Promise<void> {
    const { bucket, key } = this.#resolve(object)
    check('objects.chgm', change, {
      mimeType: optional(text(/\//, 'a type such as image/png')),
      metadata: optional(record)
    })
    const { mimeType, metadata } = change
    if (mimeType === undefined && metadata === undefined)
      throw invalid('objects.chgm', 'mimeType', 'give "mimeType" or "metadata"')
    if (mimeType !== undefined)
      await this.#run('objects.chgm', bucket, (manager) => manager.changeMime(bucket, key, mimeType), options)
    if (metadata !== undefined)
      await this.#run('objects.chgm', bucket, (manager) => manager.changeHeaders(bucket, key, { ...metadata }), options)
  }

  /**
   * Changes the storage class. Official document: "修改文件存储类型".
   *
   * @param object Its key in the client's bucket, or bucket and key.
   * @param type 0 standard, 1 infrequent access, 2 archive, 3 deep archive, 4 archive with direct read.
   * @param options `timeoutMs` in milliseconds per attempt.
   * @throws {QiniuError} ERR_QINIU
   * @throws {ConfigError} ERR_INVALID_PARAM; ERR_MISSING_DEPENDENCY without the package `qiniu`
   */
  async chtype(object: ObjectRef, type: 0 | 1 | 2 | 3 | 4, options: RequestOptions = {}): Promise<void> {
    const { bucket, key } = this.#resolve(object)
    check('objects.chtype', { type }, { type: required(oneOf(0, 1, 2, 3, 4)) })
    await this.#run('objects.chtype', bucket, (manager) => manager.changeType(bucket, key, type), options)
  }

  /**
   * Disables or enables an object. Official document: "修改文件状态".
   *
   * @param object Its key in the client's bucket, or bucket and key.
   * @param status 1 disabled, 0 enabled.
   * @param options `timeoutMs` in milliseconds per attempt.
   * @throws {QiniuError} ERR_QINIU
   * @throws {ConfigError} ERR_INVALID_PARAM; ERR_MISSING_DEPENDENCY without the package `qiniu`
   */
  async chstatus(object: ObjectRef, status: 0 | 1, options: RequestOptions = {}): Promise<void> {
    const { bucket, key } = this.#resolve(object)
    check('objects.chstatus', { status }, { status: required(oneOf(0, 1)) })
    await this.#run('objects.chstatus', bucket, (manager) => manager.updateObjectStatus(bucket, key, status), options)
  }

  /**
   * Deletes an object after some days. Official document: "修改文件过期删除时间".
   *
   * @param object Its key in the client's bucket, or bucket and key.
   * @param days Days from now; 0 cancels.
   * @param options `timeoutMs` in milliseconds per attempt.
   * @throws {QiniuError} ERR_QINIU
   * @throws {ConfigError} ERR_INVALID_PARAM; ERR_MISSING_DEPENDENCY without the package `qiniu`
   */
  async deleteAfterDays(object: ObjectRef, days: number, options: RequestOptions = {}): Promise<void> {
    const { bucket, key } = this.#resolve(object)
    check('objects.deleteAfterDays', { days }, { days: required(integer(0, 36_500)) })
    await this.#run('objects.deleteAfterDays', bucket, (manager) => manager.deleteAfterDays(bucket, key, days), options)
  }

  /**
   * Makes an archived object readable. Official document: "解冻归档/深度归档存储文件".
   *
   * @param object Its key in the client's bucket, or bucket and key.
   * @param freezeAfterDays Days until it is archived again, 1 to 7.
   * @param options `timeoutMs` in milliseconds per attempt.
   * @throws {QiniuError} ERR_QINIU
   * @throws {ConfigError} ERR_INVALID_PARAM; ERR_MISSING_DEPENDENCY without the package `qiniu`
   */
  async restore(object: ObjectRef, freezeAfterDays: number, options: RequestOptions = {}): Promise<void> {
    const { bucket, key } = this.#resolve(object)
    check('objects.restore', { freezeAfterDays }, { freezeAfterDays: required(integer(1, 7)) })
    const run: Run = (manager) => manager.restoreAr(`${bucket}:${key}`, freezeAfterDays)
    await this.#run('objects.restore', bucket, run, options)
  }

  /**
   * Makes Qiniu download `url` into the bucket; resolves when the download is complete. Official document: "第三方资源抓取".
   *
   * @param params URL and target.
   * @param options `timeoutMs` in milliseconds per attempt.
   * @throws {QiniuError} ERR_QINIU
   * @throws {ConfigError} ERR_INVALID_PARAM; ERR_MISSING_DEPENDENCY without the package `qiniu`
   */
  async fetch(
    params: { url: string | URL; to: ObjectRef },
    options: RequestOptions = {}
  ): Promise<{ hash: string; key: string; fsize: number; mimeType: string }> {
    check('objects.fetch', params, {
      url: required(httpUrl),
      to: required((value) => (value === undefined ? 'is missing' : undefined))
    })
    const { bucket, key } = this.#resolve(params.to)
    const run: Run = (manager) => manager.fetch(String(params.url), bucket, key)
    const body = await this.#run('objects.fetch', bucket, run, {
      timeoutMs: this.#context.uploadTimeoutMs,
      ...given(options)
    })
    return recordOf(body, 'objects.fetch') as { hash: string; key: string; fsize: number; mimeType: string }
  }

  /**
   * Refreshes an object from the mirror source of its bucket. Official document: "镜像资源更新".
   *
   * @param object Its key in the client's bucket, or bucket and key.
   * @param options `timeoutMs` in milliseconds per attempt.
   * @throws {QiniuError} ERR_QINIU
   * @throws {ConfigError} ERR_INVALID_PARAM; ERR_MISSING_DEPENDENCY without the package `qiniu`
   */
  async prefetch(object: ObjectRef, options: RequestOptions = {}): Promise<void> {
    const { bucket, key } = this.#resolve(object)
    await this.#run('objects.prefetch', bucket, (manager) => manager.prefetch(bucket, key), options)
  }

  /**
   * Iterates over all objects with a prefix, loading page by page. Official document: "资源列举".
   *
   * @param params Prefix and bucket; `limit` is the size of a page, 1 to 1000.
   * @param options `timeoutMs` in milliseconds per attempt.
   * @throws {QiniuError} ERR_QINIU
   * @throws {ConfigError} ERR_INVALID_PARAM; ERR_MISSING_DEPENDENCY without the package `qiniu`
   */
  async *list(params: ListParams = {}, options: RequestOptions = {}): AsyncGenerator<ListedObject, void, undefined> {
    for (let marker = params.marker; ; ) {
      const page: ListPage = await this.listPage(marker === undefined ? params : { ...params, marker }, options)
      yield* page.items
      if (page.marker === undefined) return
      marker = page.marker
    }
  }

  /**
   * Returns one page of a listing, with the common prefixes of a delimiter. Official document: "资源列举".
   *
   * @param params Prefix, delimiter, and the marker of the previous page.
   * @param options `timeoutMs` in milliseconds per attempt.
   * @throws {QiniuError} ERR_QINIU
   * @throws {ConfigError} ERR_INVALID_PARAM; ERR_MISSING_DEPENDENCY without the package `qiniu`
   */
  async listPage(params: ListParams = {}, options: RequestOptions = {}): Promise<ListPage> {
    const name = 'objects.list'
    check(name, params, {
      bucket: optional(text()),
      prefix: optional((value) => (typeof value === 'string' ? undefined : 'must be a string')),
      delimiter: optional(text()),
      limit: optional(integer(1, 1000)),
      marker: optional(text())
    })
    const { bucket = this.#context.bucket, ...rest } = params
    const body = recordOf(await this.#run(name, bucket, (manager) => manager.listPrefix(bucket, rest), options), name)
    const items = (Array.isArray(body.items) ? body.items : []).map((item) => withTextTime(recordOf(item, name)))
    const page: ListPage = {
      items: items as unknown as ListedObject[],
      commonPrefixes: Array.isArray(body.commonPrefixes) ? (body.commonPrefixes as string[]) : []
    }
    if (typeof body.marker === 'string' && body.marker !== '') page.marker = body.marker
    return page
  }

  /**
   * Runs up to 1000 operations in one request. Returns one result per operation, in order; failed ones have an `error`.
   * Official document: "批量操作".
   *
   * @param operations The operations, in order.
   * @param options `timeoutMs` in milliseconds per attempt.
   * @throws {QiniuError} ERR_QINIU
   * @throws {ConfigError} ERR_INVALID_PARAM; ERR_MISSING_DEPENDENCY without the package `qiniu`
   */
  async batch(operations: readonly BatchOperation[], options: RequestOptions = {}): Promise<BatchResult[]> {
    const { bucket } = this.#context
    let paths: string[] = []
    const run: Run = (manager, module) => {
      paths = batchPaths(operations, (object) => this.#resolve(object), module)
      return manager.batch(paths)
    }
    const idempotent = operations.every(({ op }) => op === 'stat')
    const body = await this.#run('objects.batch', bucket, run, options, undefined, idempotent)
    return readBatch(body, paths.length)
  }

  /**
   * Lists the names of the account's buckets. Official document: "获取 Bucket 列表".
   *
   * @param options `timeoutMs` in milliseconds per attempt.
   * @throws {QiniuError} ERR_QINIU
   * @throws {ConfigError} ERR_INVALID_PARAM; ERR_MISSING_DEPENDENCY without the package `qiniu`
   */
  async buckets(options: RequestOptions = {}): Promise<string[]> {
    const body = await this.#run('objects.buckets', this.#context.bucket, (manager) => manager.listBucket(), options)
    if (Array.isArray(body)) return body as string[]
    throw new UnexpectedResponseError('objects.buckets: expected a list from Qiniu.', { product: 'qiniu' })
  }

  /**
   * Lists the domains bound to a bucket. Official document: "获取 Bucket 空间域名".
   *
   * @param bucket Default the client's.
   * @param options `timeoutMs` in milliseconds per attempt.
   * @returns Qiniu's response, unchanged: a list of domain names.
   * @throws {QiniuError} ERR_QINIU
   * @throws {ConfigError} ERR_INVALID_PARAM; ERR_MISSING_DEPENDENCY without the package `qiniu`
   */
  async domains(bucket: string = this.#context.bucket, options: RequestOptions = {}): Promise<unknown> {
    return this.#run('objects.domains', bucket, (manager) => manager.listBucketDomains(bucket), options)
  }

  #resolve(object: ObjectRef): ResolvedObject {
    return resolveObject(object, this.#context.bucket)
  }

  #pair(operation: string, params: CopyParams): { from: ResolvedObject; to: ResolvedObject; force: boolean } {
    check(operation, params, {
      from: required((value) => (value === undefined ? 'is missing' : undefined)),
      to: required((value) => (value === undefined ? 'is missing' : undefined)),
      force: optional(flag)
    })
    return { from: this.#resolve(params.from), to: this.#resolve(params.to), force: params.force ?? false }
  }

  #run(
    operation: ObjectOperation,
    bucket: string,
    run: Run,
    options: RequestOptions,
    isDone?: DoneAlready,
    idempotent?: boolean
  ): Promise<unknown> {
    return runObjectOperation(this.#context, { operation, bucket, run, isDone, idempotent }, options)
  }
}

function check(operation: string, params: unknown, rules: Parameters<typeof checkOptions>[1]): void {
  checkOptions(params, rules, { owner: operation, product: 'qiniu', of: 'params' })
}

function invalid(operation: string, option: string, message: string): ConfigError {
  return new ConfigError(`${operation}: ${message}.`, { code: 'ERR_INVALID_PARAM', option, product: 'qiniu' })
}
