import { decodeEntry } from '../crypto/qiniu.ts'
import type { ProcessingItem, ProcessingJob } from './records.ts'
import type { QiniuState } from './state.ts'

export interface NewJob {
  readonly accessKey: string
  readonly bucket: string
  readonly key: string
  /** Commands, separated by `;`. */
  readonly fops: string
  readonly pipeline: string
  readonly type: number
  readonly notifyURL?: string | undefined
}

/** How long a job waits, then runs. */
const WAIT_MS = 500
const RUN_MS = 500
const NOTIFY_RETRIES_MS = [10_000, 60_000]

/** Queues a persistent processing job and returns its id. */
export function startJob(state: QiniuState, job: NewJob): string {
  const { random, clock } = state.context
  const id = `z0.${random.hex(24)}`
  const queued: ProcessingJob = {
    id,
    accessKey: job.accessKey,
    code: 1,
    desc: 'The fop is waiting for execution',
    inputBucket: job.bucket,
    inputKey: job.key,
    pipeline: job.pipeline || 'default',
    reqid: random.text(16),
    type: job.type,
    creationDate: new Date(clock.now()).toISOString(),
    notifyURL: job.notifyURL,
    items: job.fops.split(';').map((cmd) => ({ cmd, code: 1, desc: 'The fop is waiting for execution', returnOld: 0 }))
  }
  state.jobs.set(id, queued)
  schedule(state, queued)
  return id
}

/** Takes up jobs again that a restart interrupted. */
export function resumeJobs(state: QiniuState): void {
  for (const job of state.jobs.values()) if (job.code === 1 || job.code === 2) schedule(state, job)
}

function schedule(state: QiniuState, job: ProcessingJob): void {
  const { clock } = state.context
  clock.schedule(WAIT_MS, () => {
    Object.assign(job, { code: 2, desc: 'The fop is executing now' })
    clock.schedule(RUN_MS, () => run(state, job))
  })
}

async function run(state: QiniuState, job: ProcessingJob): Promise<void> {
  job.items = job.items.map(({ cmd }) => execute(state, job, cmd))
  const failed = job.items.some(({ code }) => code !== 0)
  Object.assign(
    job,
    failed ? { code: 3, desc: 'The fop is failed' } : { code: 0, desc: 'The fop was completed successfully' }
  )
  if (!job.notifyURL) return
  const delivery = state.context.deliver({
    kind: 'qiniu',
    account: job.accessKey,
    url: job.notifyURL,
    // These requests are not signed: a receiver has to ask prefop.
    request: (_, url) =>
      new Request(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(describeJob(job))
      }),
    retryAfterMs: NOTIFY_RETRIES_MS,
    timeoutMs: 5_000,
    judge: (response) => ({ delivered: response.ok, note: `status ${response.status}` }),
    finished: ({ state: outcome }) => {
      if (outcome !== 'delivered' && job.code === 0) Object.assign(job, { code: 4, desc: 'The notify is failed' })
    }
  })
  await delivery.first
}

function execute(state: QiniuState, job: ProcessingJob, cmd: string): ProcessingItem {
  const fail = (error: string) => ({ cmd, code: 3, desc: 'The fop is failed', error, returnOld: 0 })
  const planned = state.failingCommands.findIndex(({ text }) => cmd.includes(text))
  const [fault] = planned < 0 ? [] : state.failingCommands.splice(planned, 1)
  if (fault) return fail(fault.desc)
  const source = state.find(job.inputBucket, job.inputKey)
  if (!source) return fail('no such file or directory')
  const saveAs = /\|saveas\/([\w=-]+)/.exec(cmd)?.[1]
  const target = saveAs === undefined ? undefined : decodeEntry(saveAs)
  const bucket = target?.bucket ?? job.inputBucket
  if ((saveAs !== undefined && !target) || state.buckets.get(bucket)?.accessKey !== job.accessKey)
    return fail('bucket not found')
  // The bytes are not transcoded; the result is the source under another name.
  const key = target?.key ?? `${state.context.random.text(8)}=/${source.hash}`
  const { hash } = state.copy(source, bucket, key)
  return { cmd, code: 0, desc: 'The fop was completed successfully', hash, key, returnOld: 0 }
}

/** A job as `prefop` and notifications show it. */
export function describeJob(job: ProcessingJob): Record<string, unknown> {
  const { accessKey: _, notifyURL: __, ...shown } = job
  return shown
}
