import { ConfigError } from '../errors/index.ts'

/** The part of the official package that is used; its own types would make it a dependency of ours. */
export interface OfficialModule {
  auth: { digest: { Mac: new (accessKey: string, secretKey: string) => object } }
  conf: { Config: new (options: Record<string, unknown>) => object }
  httpc: {
    Endpoint: new (host: string, options?: { defaultScheme?: string }) => object
    Region: new (options: { services: Record<string, object[]> }) => object
    StaticRegionsProvider: new (regions: object[]) => object
    StaticEndpointsProvider: new (endpoints: object[]) => object
  }
  zone: {
    Zone: new (up: string[], cdn: string[], io: string, rs: string, rsf: string, api: string) => object
  }
  rs: {
    BucketManager: new (mac: object, config: object) => OfficialBucketManager
    statOp(bucket: string, key: string): string
    deleteOp(bucket: string, key: string): string
    copyOp(bucket: string, key: string, toBucket: string, toKey: string, options: { force: boolean }): string
    moveOp(bucket: string, key: string, toBucket: string, toKey: string, options: { force: boolean }): string
    changeMimeOp(bucket: string, key: string, mime: string): string
    changeHeadersOp(bucket: string, key: string, headers: Record<string, string>): string
    changeTypeOp(bucket: string, key: string, type: number): string
    changeStatusOp(bucket: string, key: string, status: number): string
    deleteAfterDaysOp(bucket: string, key: string, days: number): string
  }
}

type Wrapped = Promise<{ data: unknown }>

export interface OfficialBucketManager {
  _httpClient?: OfficialHttpClient
  stat(bucket: string, key: string): Wrapped
  delete(bucket: string, key: string): Wrapped
  copy(bucket: string, key: string, toBucket: string, toKey: string, options: { force: boolean }): Wrapped
  move(bucket: string, key: string, toBucket: string, toKey: string, options: { force: boolean }): Wrapped
  changeMime(bucket: string, key: string, mime: string): Wrapped
  changeHeaders(bucket: string, key: string, headers: Record<string, string>): Wrapped
  changeType(bucket: string, key: string, type: number): Wrapped
  updateObjectStatus(bucket: string, key: string, status: number): Wrapped
  deleteAfterDays(bucket: string, key: string, days: number): Wrapped
  restoreAr(entry: string, days: number): Wrapped
  fetch(url: string, bucket: string, key: string): Wrapped
  prefetch(bucket: string, key: string): Wrapped
  listPrefix(bucket: string, options: Record<string, unknown>): Wrapped
  listBucket(): Wrapped
  listBucketDomains(bucket: string): Wrapped
  batch(operations: readonly string[]): Wrapped
}

export interface OfficialRequest {
  url: string
  data?: string
}

/** The transport of the official package. */
export interface OfficialHttpClient {
  get(request: OfficialRequest): Promise<unknown>
  post(request: OfficialRequest): Promise<unknown>
}

const INSTALL = 'npm install qiniu@^7.12'

/**
 * Loads the official package on first use.
 *
 * @throws {ConfigError} ERR_MISSING_DEPENDENCY with the install command
 */
export async function loadOfficial(operation: string): Promise<OfficialModule> {
  let loaded: { default?: unknown }
  try {
    loaded = (await import(/* webpackIgnore: true */ 'qiniu')) as { default?: unknown }
  } catch (cause) {
    throw missing(`${operation} needs the official package "qiniu", which could not be loaded. Run: ${INSTALL}`, cause)
  }
  const module = (loaded.default ?? loaded) as OfficialModule
  if (!module.httpc?.StaticRegionsProvider) throw outdated(operation)
  return module
}

/**
 * Runs an operation of the official bucket manager over another transport, so that `fetch`, time limits, abort,
 * retries, diagnostics and `baseUrl` of the client apply to it too.
 */
export async function runOfficial(
  operation: string,
  send: OfficialHttpClient,
  run: (manager: OfficialBucketManager, module: OfficialModule) => Wrapped
): Promise<unknown> {
  const module = await loadOfficial(operation)
  const { Endpoint, Region, StaticEndpointsProvider, StaticRegionsProvider } = module.httpc
  const at = (service: string) => [new Endpoint(`${service}.invalid`)]
  // One endpoint per service: our transport decides on retries, because it knows which are safe.
  const services = { rs: at('rs'), rsf: at('rsf'), io: at('io'), api: at('api'), up: at('up') }
  const config = new module.conf.Config({
    useHttpsDomain: true,
    regionsProvider: new StaticRegionsProvider([new Region({ services })]),
    ucEndpointsProvider: new StaticEndpointsProvider(at('uc'))
  })
  // It signs with these; the transport signs again, for the host that is actually called.
  const manager = new module.rs.BucketManager(new module.auth.digest.Mac('unused', 'unused'), config)
  if (typeof manager._httpClient?.post !== 'function') throw outdated(operation)
  manager._httpClient = send
  return (await run(manager, module)).data
}

function outdated(operation: string): ConfigError {
  return missing(`${operation} needs the official package "qiniu" in version 7.12 or later. Run: ${INSTALL}`)
}

function missing(message: string, cause?: unknown): ConfigError {
  return new ConfigError(message, { code: 'ERR_MISSING_DEPENDENCY', option: 'qiniu', product: 'qiniu', cause })
}
