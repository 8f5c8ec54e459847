import { flag, list, optional, required } from '../../core/options.ts'
import { onFirstUse } from '../../internal/on-first-use.ts'

/** Checks of `JsSdkHandlerOptions`. */
export const jsSdkHandlerRules = onFirstUse(() => ({
  allowedHosts: required((value) =>
    Array.isArray(value) && value.length > 0 && value.every(isHost)
      ? undefined
      : 'must be a list of hosts such as "m.example.com" or "localhost:8080", without scheme, path and wildcard'
  ),
  jsApiList: required(list),
  openTagList: optional(list),
  debug: optional(flag)
}))

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
