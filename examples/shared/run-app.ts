import { DrizzleQueryError } from 'drizzle-orm/errors'
import { isWeixinKitError } from 'weixin-kit'
import { describeError } from './describe-error.ts'

/**
 * Starts an app as a process: says why when it cannot, and closes it in order when the terminal or a process manager ends it.
 */
export async function runApp<App extends { close(): Promise<void> }>(
  name: string,
  start: () => Promise<App>
): Promise<App> {
  const give = (what: string) => (error: unknown) => {
    console.error(`${name} ${what}. ${reasonOf(error)}`)
    process.exit(1)
  }
  const app = await start().catch(give('does not start'))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void app.close().then(() => process.exit(0), give('did not close in order')))
  }
  return app
}

/** What the environment or a service did is told by its message; a stack is for faults of ours. */
function reasonOf(error: unknown): string {
  const isTold = isWeixinKitError(error) || (error instanceof Error && error.name === 'Error')
  if (!isTold || error instanceof DrizzleQueryError) return describeError(error)
  return error.cause === undefined ? error.message : `${error.message}: ${reasonOf(error.cause)}`
}
