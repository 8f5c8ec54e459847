import type { RequestOptions } from '../core/client-options.ts'
import { encodedEntry } from './encoding.ts'
import { type ObjectRef, resolveObject } from './object-ref.ts'

export interface PfopParams {
  object: ObjectRef
  /** Commands, e.g. `avthumb/mp4`. Not together with `workflowTemplateID`. */
  fops?: readonly string[]
  pipeline?: string
  notifyURL?: string | URL
  /** Replace results that are there. */
  force?: boolean
  /** 1: idle-time task. */
  type?: 0 | 1
  workflowTemplateID?: string
}

/** State of a persistent processing (持久化处理). Source: Qiniu, "prefop". */
export interface PfopStatus {
  id: string
  /** 0 done, 1 waiting, 2 running, 3 failed, 4 notification failed. */
  code: number
  desc: string
  inputBucket: string
  inputKey: string
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

/** What of it is loaded later. */
type Calls = Pick<PersistentProcessing, 'pfop' | 'status'>

/** Starts and watches persistent processing. */
export class PersistentProcessing {
  readonly #calls: Calls
  readonly #bucket: string

  /** @internal */
  constructor(calls: Calls, bucket: string) {
    this.#calls = calls
    this.#bucket = bucket
  }

  /**
   * Starts commands on an object. Not repeated after a lost answer, because each start is a task of its own.
   *
   * @throws {QiniuError} ERR_QINIU
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  pfop(params: PfopParams, options: RequestOptions = {}): Promise<{ persistentId: string }> {
    return this.#calls.pfop(params, options)
  }

  /**
   * State of a task. The notification that Qiniu posts to `notifyURL` is not signed: take its `id` and ask here.
   *
   * @throws {QiniuError} ERR_QINIU
   */
  status(persistentId: string, options: RequestOptions = {}): Promise<PfopStatus> {
    return this.#calls.status(persistentId, options)
  }

  /** A command that also names where its result is saved (`saveas`). */
  saveAs(command: string, target: ObjectRef): string {
    const { bucket, key } = resolveObject(target, this.#bucket)
    return `${command}|saveas/${encodedEntry(bucket, key)}`
  }
}
