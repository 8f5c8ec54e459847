import { ConfigError } from '../../errors/index.ts'

const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/

/** Whether a URL stays on this machine. */
export function isLoopbackUrl(url: URL): boolean {
  return LOOPBACK.test(url.hostname)
}

/**
 * Refuses a URL that leaves this machine, so that a simulator never talks to production.
 *
 * @throws ConfigError `ERR_CONFIG`
 */
export function refuseRemoteUrl(value: string | URL, option: string, allowed: readonly string[] = []): URL {
  let url: URL
  try {
    url = new URL(value)
  } catch (cause) {
    throw new ConfigError(`\`${option}\` must be a URL such as http://127.0.0.1:3000.`, {
      option,
      cause,
      product: 'simulator'
    })
  }
  if (isLoopbackUrl(url) || allowed.includes(url.hostname)) return url
  throw new ConfigError(
    `\`${option}\` points at ${url.hostname}, which is not this machine. A simulator never calls production: give a loopback URL, or list the host in \`deliver.allowHosts\` if it is a development host of yours.`,
    { option, product: 'simulator' }
  )
}
