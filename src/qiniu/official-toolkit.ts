import type { RequestOptions } from '../core/client-options.ts'
import type { QiniuContext } from './context.ts'
import type { RegionHosts } from './hosts.ts'
import { UC_HOST } from './hosts.ts'
import { loadOfficial } from './official.ts'

/** The official package, set up for the account of a client. */
export interface OfficialToolkit {
  /** The result of `import 'qiniu'`; cast it to `typeof import('qiniu')`. */
  readonly module: object
  /** Its `auth.digest.Mac`. */
  readonly mac: object
  /** Its `conf.Config`, with the hosts of the bucket's region, or of the server at `baseUrl`. */
  readonly config: object
}

/** Creates the toolkit; see `Qiniu.official`. */
export async function makeOfficialToolkit(context: QiniuContext, options: RequestOptions): Promise<OfficialToolkit> {
  const module = await loadOfficial('official')
  const hosts = await context.regions.hosts(context.bucket, options)
  const address = (host: string) => context.endpoints.url(host, '/')
  // It builds URLs as "scheme://host" + path, so a host may include the path of a base URL.
  const plain = (host: string) => address(host).href.replace(/^https?:\/\/|\/$/g, '')
  const { Endpoint, Region, StaticEndpointsProvider, StaticRegionsProvider } = module.httpc
  const useHttpsDomain = address(UC_HOST).protocol === 'https:'
  const defaultScheme = useHttpsDomain ? 'https' : 'http'
  const endpoints = (list: readonly string[]) => list.map((host) => new Endpoint(plain(host), { defaultScheme }))
  const services = Object.fromEntries(
    (Object.keys(hosts) as (keyof RegionHosts)[]).map((service) => [service, endpoints(hosts[service])])
  )
  const ucEndpointsProvider = new StaticEndpointsProvider(endpoints([UC_HOST]))
  const [io = '', rs = '', rsf = '', api = ''] = [hosts.io, hosts.rs, hosts.rsf, hosts.api].map(([host = '']) =>
    plain(host)
  )
  const up = hosts.up.map(plain)
  return {
    module,
    mac: new module.auth.digest.Mac(context.signer.accessKey, context.signer.revealSecretKey()),
    config: new module.conf.Config({
      useHttpsDomain,
      regionsProvider: new StaticRegionsProvider([new Region({ services })]),
      ucEndpointsProvider,
      queryRegionsEndpointsProvider: ucEndpointsProvider,
      // Its processing part does not support regions and would query the real service for a zone.
      zone: new module.zone.Zone(up, up, io, rs, rsf, api)
    })
  }
}
