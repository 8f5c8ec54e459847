import { DrizzleQueryError } from 'drizzle-orm/errors'
import { isWeixinKitError } from 'weixin-kit'
import { type AppDefinition, startApp } from './app.ts'
import { describeError } from './describe-error.ts'
import type { ServerConfig } from './environment.ts'
import { loadEnvironment } from './load-environment.ts'

/**
 * Runs an app as a process: says where it listens or why it does not start, and closes it in order when the terminal or a
 * process manager ends it. `path` is what to open in a browser.
 */
export async function runApp<Config extends ServerConfig>(app: AppDefinition<Config>, path = '/'): Promise<void> {
  const give = (what: string) => (error: unknown) => {
    console.error(`${app.name} ${what}. ${reasonOf(error)}`)
    process.exit(1)
  }
  const running = await startApp(app, loadEnvironment(app.folder)).catch(give('does not start'))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void running.close().then(() => process.exit(0), give('did not close in order')))
  }
  const { controlUrl } = running.upstream
  console.log(`${app.name} listens on ${running.url}; open ${running.url}${path}`)
  if (controlUrl) console.log(`The services are simulated: act as a person on ${controlUrl}`)
}

/** What the environment or a service did is told by its message; a stack is for faults of ours. */
function reasonOf(error: unknown): string {
  const isTold = isWeixinKitError(error) || (error instanceof Error && error.name === 'Error')
  if (!isTold || error instanceof DrizzleQueryError) return describeError(error)
  return error.cause === undefined ? error.message : `${error.message}: ${reasonOf(error.cause)}`
}
