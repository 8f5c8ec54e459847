import { Endpoints, type QueryValue } from '../core/endpoints.ts'

/** The services of a region. */
export type QiniuService = 'up' | 'io' | 'rs' | 'rsf' | 'api'

/** Hosts of a region, the preferred one first. */
export type RegionHosts = Readonly<Record<QiniuService, readonly string[]>>

export const UC_HOST = 'uc.qiniuapi.com'
export const UC_BACKUP_HOST = 'kodo-config.qiniuapi.com'

/** Maximum length of a host name in DNS. */
const LONGEST_HOST = 253
const QINIU_HOST = /[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:qiniup|qiniuapi|qiniuio|qiniu|qbox)\.(?:com|me)/

/** Returns the hosts of a region by its id, e.g. `z2`. */
export function hostsOfRegion(region: string): RegionHosts {
  const tail = region === 'z0' ? '' : `-${region}`
  return {
    up: [`upload${tail}.qiniup.com`, `up${tail}.qiniup.com`],
    io: [`iovip${tail}.qiniuio.com`],
    rs: [`rs-${region}.qiniuapi.com`],
    rsf: [`rsf-${region}.qiniuapi.com`],
    api: [`api-${region}.qiniuapi.com`]
  }
}

/** Maps Qiniu's hosts to the actual targets of requests. `baseUrl` may name any of them. */
export class QiniuEndpoints {
  readonly #endpoints: Endpoints

  constructor(baseUrl: string | undefined) {
    const named = baseUrl === undefined ? undefined : QINIU_HOST.exec(baseUrl)?.[0]
    this.#endpoints = new Endpoints(named ?? UC_HOST, baseUrl)
  }

  /** Hosts in a response may be complete URLs (a private cloud, a test server): those are used unchanged. */
  url(host: string, path: string, query?: Readonly<Record<string, QueryValue>>): URL {
    if (host.length <= LONGEST_HOST && QINIU_HOST.test(host) && !host.includes('/'))
      return this.#endpoints.url(path, query, host)
    const base = this.#endpoints.url('/')
    return new Endpoints(host, /^https?:\/\//.test(host) ? host : `${base.protocol}//${host}`).url(path, query)
  }
}
