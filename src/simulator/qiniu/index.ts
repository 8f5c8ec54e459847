import type { SimulatorContext } from '../framework/context.ts'
import type { Exchange } from '../framework/exchange.ts'
import {
  createRoutes,
  listRoutes,
  type Route,
  type RouteParams,
  type RouteTable,
  route,
  type SimulatorService
} from '../framework/service.ts'
import { refill } from '../framework/state-json.ts'
import type { ObjectView } from '../framework/views.ts'
import { authorize } from './authorize.ts'
import { makeBlock, makeFile, putChunk } from './block-upload.ts'
import { bucketRoutes } from './bucket-service.ts'
import { createQiniuControl } from './control.ts'
import { download } from './download.ts'
import { answerFailure, answerQiniu, QiniuFailure } from './failure.ts'
import { fetchLater, fetchObject, prefetchObject } from './fetch-object.ts'
import { uploadForm } from './form-upload.ts'
import { listObjects } from './list-objects.ts'
import { OPERATIONS, runBatch, runOperation } from './object-operations.ts'
import { describeJob, resumeJobs, startJob } from './processing.ts'
import { abort, complete, initiate, listParts, uploadPart } from './resumable-upload.ts'
import { bareHost, QiniuState } from './state.ts'

/** Hosts of each service, as they are called today and were before. */
const HOSTS: Readonly<Record<string, readonly string[]>> = {
  up: ['up*.qiniup.com', 'up*.qbox.me', 'up*.qiniu.com'],
  io: ['iovip*.qiniuio.com', 'iovip*.qbox.me'],
  rsf: ['rsf*.qiniuapi.com', 'rsf*.qiniu.com', 'rsf*.qbox.me'],
  rs: ['rs*.qiniuapi.com', 'rs*.qiniu.com', 'rs*.qbox.me'],
  api: ['api*.qiniuapi.com', 'api*.qiniu.com', 'api*.qbox.me'],
  uc: ['uc.qiniuapi.com', 'uc.qbox.me', 'uc.qiniu.com', 'kodo-config.qiniuapi.com']
}

/** Test domains, which a bucket may be given at any time; other domains are those of the accounts. */
const TEST_DOMAINS = ['*.clouddn.com', '*.bkt.clouddn.com', '*.qiniudn.com']

/** A domain that browsers resolve to this machine, so that they can show pictures of a loopback server. */
function localDomain(bucket: string): string {
  return `${bucket.toLowerCase()}.localhost`
}

type Call = (state: QiniuState, exchange: Exchange, params: RouteParams) => Promise<Response> | Response

function uploadRoutes(state: QiniuState): Route[] {
  const row = (method: string, path: string, call: Call) =>
    route(method, path, (exchange, params) => call(state, exchange, params))
  const uploads = '/buckets/:bucket/objects/:object/uploads'
  return [
    row('POST', '/', uploadForm),
    row('POST', uploads, initiate),
    row('PUT', `${uploads}/:uploadId/:partNumber`, uploadPart),
    row('GET', `${uploads}/:uploadId`, listParts),
    row('POST', `${uploads}/:uploadId`, complete),
    row('DELETE', `${uploads}/:uploadId`, abort),
    row('POST', '/mkblk/:size', makeBlock),
    row('POST', '/bput/:ctx/:offset', putChunk),
    row('POST', '/mkfile/*rest', makeFile)
  ]
}

function managementRoutes(state: QiniuState): Record<'io' | 'rs' | 'rsf' | 'api', Route[]> {
  const { random } = state.context
  const answer = (body: unknown, status = 200) => answerQiniu(random, status, body)
  return {
    io: [
      route('POST', '/fetch/:url/to/:entry', async (exchange, { url = '', entry = '' }) =>
        answer(await fetchObject(state, authorize(state, exchange), url, entry))
      ),
      route('POST', '/prefetch/:entry', async (exchange, { entry = '' }) =>
        answer(await prefetchObject(state, authorize(state, exchange), entry))
      )
    ],
    rs: [
      route('POST', '/batch', (exchange) => {
        const { status, body } = runBatch(state, authorize(state, exchange), exchange.form())
        return answer(body, status)
      }),
      route('*', '/*operation', (exchange, { operation = '' }) => {
        const isRead = exchange.path.startsWith('/stat/')
        if (exchange.method !== 'POST' && !(isRead && exchange.method === 'GET')) throw new QiniuFailure(405)
        const done = runOperation(state, authorize(state, exchange), operation)
        if (done) return answer(done.body)
        exchange.noteUnknownPath()
        throw new QiniuFailure(404)
      })
    ],
    rsf: [route('*', '/list', (exchange) => answer(listObjects(state, authorize(state, exchange), exchange.query)))],
    api: [
      route('POST', '/pfop', () => new Response(null, { status: 301, headers: { location: '/pfop/' } })),
      route('POST', '/pfop/', (exchange) => {
        const { accessKey } = authorize(state, exchange)
        const form = exchange.form()
        const bucket = state.bucket(form.get('bucket') ?? '', accessKey).name
        const key = form.get('key') ?? ''
        const fops = form.get('fops') || form.get('workflowTemplateID')
        if (!fops) throw new QiniuFailure(400, 'fops is missing')
        if (!state.find(bucket, key)) throw new QiniuFailure(612)
        const persistentId = startJob(state, {
          accessKey,
          bucket,
          key,
          fops,
          pipeline: form.get('pipeline') ?? '',
          type: Number(form.get('type') ?? 0),
          notifyURL: form.get('notifyURL') || undefined
        })
        return answer({ persistentId })
      }),
      // The official packages ask with POST and a form.
      route('*', '/status/get/prefop', (exchange) => {
        const job = state.jobs.get(exchange.query.get('id') ?? exchange.form().get('id') ?? '')
        if (!job) throw new QiniuFailure(612)
        return answer(describeJob(job))
      }),
      route('POST', '/sisyphus/fetch', (exchange) => answer(fetchLater(state, authorize(state, exchange), exchange))),
      route('GET', '/sisyphus/fetch', (exchange) => {
        authorize(state, exchange)
        const id = exchange.query.get('id') ?? ''
        const job = state.fetches.get(id)
        if (!job) throw new QiniuFailure(404)
        return answer({ id, wait: job.done ? -1 : 0 })
      })
    ]
  }
}

/** @internal Qiniu object storage (七牛云 Kodo). */
export function createQiniuService(context: SimulatorContext) {
  const state = new QiniuState(context)
  const { random } = context
  const wrongMethod = () => answerFailure(random, new QiniuFailure(405))
  const rows = { up: uploadRoutes(state), ...managementRoutes(state), uc: bucketRoutes(state) }
  const tables: Readonly<Record<string, RouteTable>> = {
    up: createRoutes(rows.up, wrongMethod),
    io: createRoutes(rows.io, wrongMethod),
    rs: createRoutes(rows.rs),
    rsf: createRoutes(rows.rsf),
    api: createRoutes(rows.api, wrongMethod),
    uc: createRoutes(rows.uc, wrongMethod)
  }
  const endpoints = [
    ...Object.entries(rows).flatMap(([service, own]) => listRoutes(service, own)),
    // One row of the table stands for all of them.
    ...OPERATIONS.map((name) => `POST rs/${name}/*rest`),
    'GET rs/stat/*rest'
  ].filter((endpoint) => endpoint !== '* rs/*operation')
  const patterns = Object.entries(HOSTS).map(([service, hosts]) => {
    const source = hosts.map((host) => host.replaceAll('.', '\\.').replaceAll('*', '[a-z0-9-]*')).join('|')
    return { service, expression: new RegExp(`^(?:${source})$`) }
  })
  const answer = (exchange: Exchange) => {
    const service = patterns.find(({ expression }) => expression.test(exchange.host))?.service
    if (service !== undefined) return tables[service]?.(exchange)
    const bucket = [...state.buckets.values()].find(
      ({ name, domains }) => domains.includes(exchange.host) || exchange.host === localDomain(name)
    )
    return bucket && download(state, exchange, bucket)
  }

  return {
    name: 'qiniu',
    endpoints,
    hosts: [
      ...Object.values(HOSTS).flat(),
      ...TEST_DOMAINS,
      ...context.accounts.qiniu.flatMap(({ domain, bucket }) => [bareHost(domain), localDomain(bucket)])
    ],
    handle: async (exchange: Exchange) => {
      try {
        const answered = await answer(exchange)
        if (answered) return answered
        exchange.noteUnknownPath()
        return answerFailure(random, new QiniuFailure(404))
      } catch (error) {
        if (error instanceof QiniuFailure) return answerFailure(random, error)
        throw error
      }
    },
    fault: (_, { errcode, errmsg, status }) => {
      const code = status ?? (errcode === undefined ? undefined : Number(errcode))
      return code === undefined ? undefined : answerFailure(random, new QiniuFailure(code, errmsg))
    },
    snapshot: () => {
      const { context: _, ...held } = state
      return held
    },
    restore: (saved: unknown) => {
      refill(state, saved)
      state.recount()
      resumeJobs(state)
    },
    control: createQiniuControl(state, endpoints),
    views: {
      /** The newest objects, the newest last. */
      objects: (most: number): ObjectView[] =>
        [...state.objects.values()].slice(-most).map(({ bucket, key, data, mimeType, hash, putTime }) => {
          return { bucket, key, size: data.length, mimeType, hash, time: Number(BigInt(putTime) / 10_000n) }
        })
    }
  } satisfies SimulatorService & Record<string, unknown>
}
