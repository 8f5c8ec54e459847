import type { Exchange } from '../framework/exchange.ts'
import { type Route, type RouteParams, route } from '../framework/service.ts'
import { authorize } from './authorize.ts'
import { answerQiniu, QiniuFailure } from './failure.ts'
import type { QiniuBucket } from './records.ts'
import type { QiniuState } from './state.ts'

const TTL_SECONDS = 86_400
const MAX_BUCKETS = 500

/** The hosts of a region, without what a host prefix may add. */
function regionHosts(region: string) {
  const tail = region === 'z0' ? '' : `-${region}`
  return {
    acc: [`upload${tail}.qiniup.com`],
    src: [`up${tail}.qiniup.com`],
    old: [region === 'z0' ? 'up.qbox.me' : `up-${region}.qbox.me`],
    io: [`iovip${tail}.qiniuio.com`],
    rs: [`rs-${region}.qiniuapi.com`],
    rsf: [`rsf-${region}.qiniuapi.com`],
    api: [`api-${region}.qiniuapi.com`],
    s3: [`s3.${region}.qiniucs.com`]
  }
}

/** Hosts as the caller reaches them: over a loopback server with the upstream host as path prefix. */
function reachable(exchange: Exchange, hosts: readonly string[]): string[] {
  return hosts.map((host) =>
    exchange
      .publicUrl(`https://${host}/`)
      .replace(/^https?:\/\//, '')
      .replace(/\/$/, '')
  )
}

/** The bucket of a region query, which carries no signature. */
function queriedBucket(state: QiniuState, exchange: Exchange): QiniuBucket {
  const accessKey = exchange.query.get('ak') ?? ''
  if (!state.account(accessKey)) throw new QiniuFailure(401, 'app/accesskey is not found')
  exchange.account = accessKey
  return state.bucket(exchange.query.get('bucket') ?? '', accessKey)
}

const query4 = (state: QiniuState, exchange: Exchange) => {
  const { region } = queriedBucket(state, exchange)
  const hosts = regionHosts(region)
  const at = (list: readonly string[]) => ({ domains: reachable(exchange, list) })
  return {
    hosts: [
      {
        region,
        ttl: TTL_SECONDS,
        up: { domains: reachable(exchange, [...hosts.acc, ...hosts.src]), old: reachable(exchange, hosts.old) },
        io: at(hosts.io),
        io_src: at(hosts.io),
        rs: at(hosts.rs),
        rsf: at(hosts.rsf),
        uc: at(['uc.qiniuapi.com']),
        api: at(hosts.api),
        s3: { region_alias: region, domains: hosts.s3 }
      }
    ]
  }
}

const query2 = (state: QiniuState, exchange: Exchange) => {
  const { region } = queriedBucket(state, exchange)
  const hosts = regionHosts(region)
  const both = (list: readonly string[]) => ({ main: reachable(exchange, list) })
  return {
    region,
    ttl: TTL_SECONDS,
    io: { src: both(hosts.io) },
    up: { acc: both(hosts.acc), src: both(hosts.src), old_acc: both(hosts.old), old_src: both(hosts.old) },
    rs: { acc: both(hosts.rs) },
    rsf: { acc: both(hosts.rsf) },
    api: { acc: both(hosts.api) }
  }
}

/** What the oldest packages ask: addresses with their scheme. */
const query1 = (state: QiniuState, exchange: Exchange) => {
  const hosts = regionHosts(queriedBucket(state, exchange).region)
  const at = (scheme: string, list: readonly string[]) => reachable(exchange, list).map((host) => `${scheme}://${host}`)
  const by = (scheme: string) => ({
    up: at(scheme, [...hosts.src, ...hosts.acc]),
    io: at(scheme, hosts.io)
  })
  return { ttl: TTL_SECONDS, http: by('http'), https: by('https') }
}

const create = (state: QiniuState, exchange: Exchange, { name = '', region = 'z0' }: RouteParams) => {
  const { accessKey } = authorize(state, exchange)
  if (!/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/i.test(name)) throw new QiniuFailure(400, 'invalid bucket name')
  if (state.buckets.has(name)) throw new QiniuFailure(614, 'the bucket already exists')
  const own = [...state.buckets.values()].filter((bucket) => bucket.accessKey === accessKey)
  if (own.length >= MAX_BUCKETS) throw new QiniuFailure(630)
  state.buckets.set(name, { name, accessKey, region, private: false, domains: [] })
  return undefined
}

const drop = (state: QiniuState, exchange: Exchange, { name = '' }: RouteParams) => {
  const { accessKey } = authorize(state, exchange)
  state.bucket(name, accessKey)
  for (const object of state.objects.values())
    if (object.bucket === name && state.find(name, object.key)) throw new QiniuFailure(403, 'the bucket is not empty')
  state.buckets.delete(name)
  return undefined
}

const own = (state: QiniuState, exchange: Exchange, parameter: string) => {
  const { accessKey } = authorize(state, exchange)
  return state.bucket(exchange.query.get(parameter) ?? '', accessKey)
}

/** Buckets, domains and regions (the uc host). */
export function bucketRoutes(state: QiniuState): Route[] {
  const { random } = state.context
  const row = (
    method: string,
    path: string,
    handler: (state: QiniuState, exchange: Exchange, params: RouteParams) => unknown
  ) =>
    route(method, path, (exchange, params) => {
      return answerQiniu(random, 200, handler(state, exchange, params))
    })
  return [
    row('GET', '/v4/query', query4),
    row('GET', '/v3/query', query2),
    row('GET', '/v2/query', query2),
    row('GET', '/v1/query', query1),
    row('*', '/buckets', (_, exchange) => {
      const { accessKey } = authorize(state, exchange)
      return [...state.buckets.values()].filter((bucket) => bucket.accessKey === accessKey).map(({ name }) => name)
    }),
    row('*', '/v2/domains', (_, exchange) => own(state, exchange, 'tbl').domains),
    row('*', '/v3/domains', (_, exchange) => {
      const bucket = own(state, exchange, 'tbl')
      return bucket.domains.map((domain) => ({ domain, tbl: bucket.name, ctime: 0, utime: 0 }))
    }),
    row('*', '/v2/bucketInfo', (_, exchange) => {
      const { name, region, private: isPrivate } = own(state, exchange, 'bucket')
      return { source: '', host: '', bucket: name, region, private: isPrivate ? 1 : 0 }
    }),
    row('*', '/private', (_, exchange) => {
      const form = new URLSearchParams([...exchange.query, ...exchange.form()])
      const { accessKey } = authorize(state, exchange)
      state.bucket(form.get('bucket') ?? '', accessKey).private = form.get('private') === '1'
    }),
    row('POST', '/mkbucketv3/:name/region/:region', create),
    row('POST', '/mkbucketv3/:name', create),
    row('POST', '/drop/:name', drop)
  ]
}
