import type { FetchHandler } from '../../core/fetch-handler.ts'
import { ApiError, ConfigError, ConnectionError, WeixinKitError } from '../../errors/index.ts'
import type { JsSdkCalls } from './js-sdk-calls.ts'

/** Options of `jssdk.handler`. */
export interface JsSdkHandlerOptions {
  /** Hosts (with port, if it is not the usual one) whose pages are signed for, e.g. `['m.example.com']`. */
  allowedHosts: readonly string[]
  jsApiList: readonly string[]
  openTagList?: readonly string[]
  /** Adds `debugInfo` (signed text, ticket masked; warnings) and lets WeChat alert every result. Not for production. */
  debug?: boolean
}

export function createJsSdkHandler(
  jssdk: JsSdkCalls,
  options: JsSdkHandlerOptions,
  hosts: ReadonlySet<string>,
  onFailure: (error: unknown) => void
): FetchHandler {
  return async (request) => {
    const origin = allowedOrigin(hosts, request.headers.get('origin'))
    if (request.method !== 'GET')
      return reply({ error: { code: 'ERR_INVALID_PARAM', message: 'Use GET.' } }, 405, origin)
    try {
      const url = pageUrl(hosts, request)
      const { jsApiList, openTagList, debug } = options
      const params = { url, jsApiList, ...(openTagList ? { openTagList } : {}), ...(debug ? { debug } : {}) }
      if (!debug) return reply(await jssdk.config(params), 200, origin)
      const { config, signedText, signedUrl, warnings } = await jssdk.explain(params)
      const debugInfo = { signedText, signedUrl, warnings: [...warnings, ...differences(url, request)] }
      return reply({ ...config, debugInfo }, 200, origin)
    } catch (error) {
      if (!(error instanceof WeixinKitError)) throw error
      if (!(error instanceof ConfigError)) onFailure(error)
      const status =
        error instanceof ConfigError ? 400 : error instanceof ApiError || error instanceof ConnectionError ? 502 : 500
      // Errors of the upstream are for the log of this server and not for the page.
      const message =
        error instanceof ConfigError ? error.message : 'The signature could not be made; see the log of the server.'
      return reply({ error: { code: error.code, message } }, status, origin)
    }
  }
}

function pageUrl(hosts: ReadonlySet<string>, request: Request): string {
  const url = new URL(request.url).searchParams.get('url') ?? ''
  const page = URL.canParse(url) ? new URL(url) : undefined
  const wrong =
    page === undefined || !/^https?:$/.test(page.protocol)
      ? 'must be location.href of the page, encoded with encodeURIComponent'
      : !hosts.has(page.host)
        ? `names the host ${page.host}, which is not in allowedHosts`
        : page.username || page.password
          ? 'must not contain a user name'
          : undefined
  if (wrong)
    throw new ConfigError(`jssdk.handler: query parameter "url" ${wrong}.`, {
      code: 'ERR_INVALID_PARAM',
      option: 'url',
      product: 'mp'
    })
  return url
}

function allowedOrigin(hosts: ReadonlySet<string>, origin: string | null): string | undefined {
  if (!origin || !URL.canParse(origin)) return undefined
  const { protocol, host } = new URL(origin)
  return /^https?:$/.test(protocol) && hosts.has(host) ? origin : undefined
}

/** The page says where it is in two ways; where they differ, the signature is for the wrong one. */
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
