/** Reads a header of a request by its lower-case name. */
export type ReadHeader = (name: string) => string | null | undefined

const READS = ['GET', 'HEAD', 'OPTIONS']

/**
 * Whether a browser sends this without its user having asked for it on a page of ours. Browsers say in `Sec-Fetch-Site` where a
 * request comes from; older ones in `Origin`, with what changes something. Native clients send neither.
 *
 * @param publicUrl address of the site; the host at which the request arrived is ours as well
 */
export function isForeign(header: ReadHeader, publicUrl: string): boolean {
  const site = header('sec-fetch-site')
  if (site) return site !== 'same-origin' && site !== 'none'
  const origin = header('origin')
  if (!origin) return false
  // `null` is what a sandboxed frame, or a redirect over other sites, has.
  const { host } = URL.canParse(origin) ? new URL(origin) : { host: undefined }
  const own = new URL(publicUrl)
  return host === own.host ? origin !== own.origin : host === undefined || host !== header('host')
}

/** The same for what changes something. */
export function isForeignChange(method: string, header: ReadHeader, publicUrl: string): boolean {
  return !READS.includes(method) && isForeign(header, publicUrl)
}

/**
 * Whether a script of a page of ours, or a client that is not a browser, sends this: no picture, link, frame or address bar, and no
 * prefetch. For a GET that changes something; HEAD has to be refused beside it.
 */
export function isByScript(header: ReadHeader, publicUrl: string): boolean {
  const isSpeculative = ['purpose', 'sec-purpose', 'x-moz', 'x-purpose'].some((name) =>
    /prefetch|prerender|preview/i.test(header(name) ?? '')
  )
  return !isForeign(header, publicUrl) && !isSpeculative && (header('sec-fetch-dest') ?? 'empty') === 'empty'
}
