import type { z } from 'zod'
import { type AccountName, readAccounts } from './accounts.ts'
import { readEnvironment, type ServerConfig } from './environment.ts'

export interface AppConfigOptions<Required extends AccountName, Optional extends AccountName> {
  /** All of them select the services that have them, none the simulator; some are a mistake. */
  accounts: readonly Required[]
  optional?: readonly Optional[]
  /** What the document of the app calls a variable, by the name that it has here. */
  aliases?: Readonly<Record<string, string>>
}

/** The configuration of an app: its own variables by their schema, and its accounts. */
export function readAppConfig<
  Variables extends Omit<ServerConfig, 'PUBLIC_URL' | 'isReal'> & { PUBLIC_URL?: string | undefined },
  Required extends AccountName,
  Optional extends AccountName = never
>(schema: z.ZodType<Variables>, given: NodeJS.ProcessEnv, options: AppConfigOptions<Required, Optional>) {
  const environment = renamed(given, options.aliases ?? {})
  const data = readEnvironment(schema, environment)
  const accounts = readAccounts(environment, options.accounts, options.optional)
  return {
    ...data,
    accounts,
    isReal: accounts !== undefined,
    // Without it the site is on this machine.
    PUBLIC_URL: data.PUBLIC_URL ?? `http://127.0.0.1:${data.PORT}`,
    SIMULATOR_URL: data.SIMULATOR_URL ?? simulatorOf(environment)
  }
}

function renamed(given: NodeJS.ProcessEnv, aliases: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const environment = { ...given }
  for (const [alias, name] of Object.entries(aliases)) {
    if (!given[alias]) continue
    if (given[name] && given[name] !== given[alias])
      throw new Error(`${alias} and ${name} are one variable; set one of them`)
    environment[name] = given[alias]
  }
  return environment
}

/** `npx weixin-kit simulator` prints where it serves each host: its output is a `.env` of every app. */
function simulatorOf({ WEIXIN_BASE_URL = '' }: NodeJS.ProcessEnv): string | undefined {
  return /^(https?:\/\/.+)\/api\.weixin\.qq\.com\/?$/.exec(WEIXIN_BASE_URL)?.[1]
}
