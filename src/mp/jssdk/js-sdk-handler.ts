import type { FetchHandler } from '../../core/fetch-handler.ts'
import { checkOptions, flag, list, type OptionCheck, optional, required } from '../../core/options.ts'
import { ApiError, ConfigError, ConnectionError, WeixinKitError } from '../../errors/index.ts'
import type { JsSdkConfig, JsSdkConfigParams, JsSdkExplanation } from './js-sdk-types.ts'

/** Options of `jssdk.handler`. */
export interface JsSdkHandlerOptions {
  /** Hosts (with port, if not the default one) whose pages may get signatures, e.g. `['m.example.com']`. */
  allowedHosts: readonly string[]
  jsApiList: readonly string[]
  openTagList?: readonly string[] | undefined
  /**
   * Adds `debugInfo` (signed text, ticket masked; warnings) and makes WeChat show every result in an alert. Not for
   * production.
   */
  debug?: boolean | undefined
}

const hostList: OptionCheck = (value) =>
  Array.isArray(value) && value.length > 0 && value.every(isHost)
    ? undefined
    : 'must be a list of hosts such as "m.example.com" or "localhost:8080", without scheme, path and wildcard'

const RULES = {
  allowedHosts: required(hostList),
  jsApiList: required(list),
  openTagList: optional(list),
  debug: optional(flag)
}

/** Creates the signatures. */
interface JsSdkSigner {
  config(params: JsSdkConfigParams): Promise<JsSdkConfig>
  explain(params: JsSdkConfigParams): Promise<JsSdkExplanation>
}

/** The handler that `jssdk.handler` returns. */
export function createJsSdkHandler(
  jssdk: JsSdkSigner,
  options: JsSdkHandlerOptions,
  onFailure: (error: unknown) => void
): FetchHandler {
  checkOptions(options, RULES, { owner: 'jssdk.handler', product: 'mp' })
  // A copy: the allowed hosts must not change after this check.
  const hosts = new Set(options.allowedHosts.map((host) => new URL(`https://${host}`).host))
  return async (request) => {
    const origin = allowedOrigin(hosts, request.headers.get('origin'))
    if (request.method !== 'GET')
      return reply({ error: { code: 'ERR_INVALID_PARAM', message: 'Use GET.' } }, 405, origin)
    try {
      const url = pageUrl(hosts, request)
      const { jsApiList, openTagList, debug } = options
      const params = { url, jsApiList, openTagList, debug: debug || undefined }
      if (!debug) return reply(await jssdk.config(params), 200, origin)
      const { config, signedText, signedUrl, warnings } = await jssdk.explain(params)
      const debugInfo = { signedText, signedUrl, warnings: [...warnings, ...differences(url, request)] }
      return reply({ ...config, debugInfo }, 200, origin)
    } catch (error) {
      if (!(error instanceof WeixinKitError)) throw error
      if (!(error instanceof ConfigError)) onFailure(error)
      const status =
        error instanceof ConfigError ? 400 : error instanceof ApiError || error instanceof ConnectionError ? 502 : 500
      // Errors of the upstream go to the log of this server, not to the page.
      const message =
        error instanceof ConfigError ? error.message : 'The signature could not be created; see the log of the server.'
      return reply({ error: { code: error.code, message } }, status, origin)
    }
  }
}

function isHost(value: unknown): boolean {
  if (typeof value !== 'string' || !URL.canParse(`https://${value}`)) return false
  const { hostname, port, href } = new URL(`https://${value}`)
  return (
    hostname !== '' &&
    !value.includes('*') &&
    href === `https://${hostname}${port && `:${port}`}/` &&
    !value.endsWith('/')
  )
}

function pageUrl(hosts: ReadonlySet<string>, request: Request): string {
  const query = new URL(request.url).searchParams
  const url = query.get('url') ?? ''
  const wrong = queryProblem(request.url, query) ?? urlProblem(hosts, url)
  if (wrong)
    throw new ConfigError(`jssdk.handler: query parameter "url" ${wrong}.`, {
      code: 'ERR_INVALID_PARAM',
      option: 'url',
      product: 'mp'
    })
  return url
}

/** A URL with a query that was not encoded: only half of it would be signed. */
function queryProblem(address: string, query: URLSearchParams): string | undefined {
  const others = [...query.keys()].filter((name) => name !== 'url')
  const isEncoded = !/[?&]url=[^&#]*:\/\//.test(address)
  if (others.length === 0 || isEncoded) return undefined
  const names = others.slice(0, 3).join(', ')
  return `was not encoded: the other parameters (${names}) belong to the URL of the page. Use "?url=" + encodeURIComponent(location.href)`
}

function urlProblem(hosts: ReadonlySet<string>, url: string): string | undefined {
  const page = URL.canParse(url) ? new URL(url) : undefined
  if (page === undefined || !/^https?:$/.test(page.protocol)) {
    return 'must be location.href of the page, encoded with encodeURIComponent'
  }
  if (!hosts.has(page.host)) return `names the host ${page.host}, which is not in allowedHosts`
  if (page.username || page.password) return 'must not contain a user name'
  if (/&amp;/i.test(url))
    return 'has "&amp;" in place of "&" because it was HTML-escaped: read location.href in a script'
  return undefined
}

function allowedOrigin(hosts: ReadonlySet<string>, origin: string | null): string | undefined {
  if (!origin || !URL.canParse(origin)) return undefined
  const { protocol, host } = new URL(origin)
  return /^https?:$/.test(protocol) && hosts.has(host) ? origin : undefined
}

/** The page reports its location in two ways; if they differ, the signature is for the wrong one. */
function differences(url: string, request: Request): string[] {
  const claimed = new URL(url)
  const referer = request.headers.get('referer') ?? ''
  if (!URL.canParse(referer)) return []
  const { protocol, host } = new URL(referer)
  const warnings: string[] = []
  if (protocol !== claimed.protocol)
    warnings.push(`The page was loaded over ${protocol}//, but url says ${claimed.protocol}//.`)
  if (host !== claimed.host) warnings.push(`The page was loaded from ${host}, but url says ${claimed.host}.`)
  return warnings
}

function reply(body: object, status: number, origin: string | undefined): Response {
  const headers: Record<string, string> = { 'cache-control': 'no-store', vary: 'Origin' }
  if (origin) headers['access-control-allow-origin'] = origin
  return Response.json(body, { status, headers })
}
