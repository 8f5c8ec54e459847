import type { RequestOptions } from '../core/client-options.ts'
import type { HttpClient } from '../core/http-client.ts'
import { UnexpectedResponseError } from '../errors/index.ts'
import { inStep } from '../internal/name-error.ts'
import { numberOf } from '../internal/number-of.ts'
import { SingleFlight } from '../internal/single-flight.ts'
import { ENDPOINTS } from './endpoints.ts'
import {
  hostsOfRegion,
  type QiniuEndpoints,
  type QiniuService,
  type RegionHosts,
  UC_BACKUP_HOST,
  UC_HOST
} from './hosts.ts'
import { readResponse, recordOf } from './read-response.ts'

const OPERATION = 'region.query'
const DEFAULT_TTL_SECONDS = 86_400

interface Known {
  hosts: RegionHosts
  expiresAt: number
}

/** Finds the region of a bucket and caches it for as long as Qiniu says. */
export class RegionFinder {
  readonly #http: HttpClient
  readonly #endpoints: QiniuEndpoints
  readonly #accessKey: string
  readonly #fixed: RegionHosts | undefined
  readonly #known = new Map<string, Known>()
  readonly #flights = new SingleFlight<Known>()

  constructor(http: HttpClient, endpoints: QiniuEndpoints, accessKey: string, region: string | undefined) {
    this.#http = http
    this.#endpoints = endpoints
    this.#accessKey = accessKey
    this.#fixed = region === undefined ? undefined : hostsOfRegion(region)
  }

  async hosts(bucket: string, options: RequestOptions): Promise<RegionHosts> {
    if (this.#fixed) return this.#fixed
    const known = this.#known.get(bucket)
    if (known && known.expiresAt > this.#http.now()) return known.hosts
    options.signal?.throwIfAborted()
    // Shared by all callers, so no caller's signal may abort it.
    const { hosts } = await this.#flights.run(bucket, () => inStep('region', () => this.#query(bucket)))
    options.signal?.throwIfAborted()
    return hosts
  }

  async #query(bucket: string): Promise<Known> {
    const query = { ak: this.#accessKey, bucket }
    const { method, path, idempotent } = ENDPOINTS[OPERATION]
    const response = await this.#http.call({
      operation: OPERATION,
      method,
      url: this.#endpoints.url(UC_HOST, path, query),
      backupUrl: this.#endpoints.url(UC_BACKUP_HOST, path, query),
      idempotent,
      readsAll: true,
      read: (response) => readResponse(response, OPERATION)
    })
    const { hosts: list } = recordOf(response, OPERATION)
    const region = recordOf((Array.isArray(list) ? list[0] : undefined) ?? {}, OPERATION)
    const hosts = {
      up: domainsOf(region, 'up'),
      io: domainsOf(region, 'io'),
      rs: domainsOf(region, 'rs'),
      rsf: domainsOf(region, 'rsf'),
      api: domainsOf(region, 'api')
    }
    const ttl = numberOf(region.ttl)
    const known = {
      hosts,
      expiresAt: this.#http.now() + (ttl > 0 ? Math.min(ttl, DEFAULT_TTL_SECONDS) : DEFAULT_TTL_SECONDS) * 1000
    }
    this.#known.set(bucket, known)
    return known
  }
}

function domainsOf(region: Record<string, unknown>, service: QiniuService): string[] {
  const part = region[service]
  const domains = typeof part === 'object' && part !== null && 'domains' in part ? part.domains : undefined
  const list = Array.isArray(domains)
    ? domains.filter((one): one is string => typeof one === 'string' && isAddress(one))
    : []
  if (list.length === 0) {
    throw new UnexpectedResponseError(`${OPERATION}: Qiniu named no ${service} host for the bucket.`, {
      product: 'qiniu'
    })
  }
  return list
}

/** A host, or a URL with a path: credentials, queries and spaces would change our request. */
function isAddress(domain: string): boolean {
  const text = /^https?:\/\//.test(domain) ? domain : `https://${domain}`
  if (/\s/.test(domain) || !URL.canParse(text)) return false
  const { username, password, search, hash } = new URL(text)
  return username + password + search + hash === ''
}
