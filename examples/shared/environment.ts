import { z } from 'zod'

/** Rules for variables of the environment that both apps have. */
export const text = z.string().min(1)
export const integer = z.string().regex(/^\d+$/, 'must be a whole number').transform(Number)
export const port = integer.refine((value) => value <= 65_535, 'must be a port, 0 to 65535')

/** An address with one of the schemes. `localhost:3001` is none: it parses as the scheme `localhost`. */
export const address = (...schemes: readonly string[]) =>
  z.string().refine((value) => schemes.includes(schemeOf(value)), `must be an address ${schemes.join('://… or ')}://…`)
export const webAddress = address('http', 'https').transform((url) => url.replace(/\/+$/, ''))
export const postgresAddress = address('postgres', 'postgresql')
export const redisAddress = address('redis', 'rediss')

/** Reads the variables that are set; one that is wrong ends the start with a sentence that names it and not its value. */
export function readEnvironment<T>(schema: z.ZodType<T>, environment: NodeJS.ProcessEnv): T {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const result = schema.safeParse(set)
  if (result.success) return result.data
  const lines = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new Error(`The environment is not usable:\n  ${lines.join('\n  ')}`)
}

function schemeOf(value: string): string {
  return URL.canParse(value) && value.includes('://') ? new URL(value).protocol.slice(0, -1) : ''
}
