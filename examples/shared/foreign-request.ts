/** Reads a header of a request by its lower-case name. */
export type ReadHeader = (name: string) => string | null | undefined

/**
 * Whether a browser sends this without its user having asked for it on a page of ours. Browsers say in `Sec-Fetch-Site` where a
 * request comes from; native clients do not send it.
 */
export function isForeign(header: ReadHeader): boolean {
  const site = header('sec-fetch-site') ?? 'none'
  return site !== 'same-origin' && site !== 'none'
}

/**
 * Whether a script of a page of ours, or a client that is no browser, sends this: no picture, link, frame or address bar, and no
 * prefetch. For a GET that changes something; HEAD has to be refused beside it.
 */
export function isByScript(header: ReadHeader): boolean {
  const isSpeculative = ['purpose', 'sec-purpose', 'x-moz', 'x-purpose'].some((name) =>
    /prefetch|prerender|preview/i.test(header(name) ?? '')
  )
  return !isForeign(header) && !isSpeculative && (header('sec-fetch-dest') ?? 'empty') === 'empty'
}
