import { readFileSync } from 'node:fs'
import { parseArgs, parseEnv } from 'node:util'
import { type CliIo, type Command, UsageError } from './command.ts'
import { ACCOUNT_KINDS, type AccountName, examineAccount } from './doctor-accounts.ts'
import { examineEnvironment } from './doctor-environment.ts'
import { type Environment, type Finding, formatFinding } from './doctor-finding.ts'
import { examineClock, examineOnline, type OnlineOptions } from './doctor-online.ts'

const USAGE = `Usage: weixin-kit doctor [options]

  --env <file>       Read variables from this file, too (they win over those of the process)
  --online           Compare the clock with WeChat's and make one harmless call per account

Variables are named as "weixin-kit simulator" prints them: WEIXIN_MP_APP_ID, WEIXIN_PAY_MCH_ID, …
Every one can be given as a file: WEIXIN_PAY_PRIVATE_KEY_FILE=apiclient_key.pem. No value is ever printed.
Exit code 1 if something is wrong.`

const CLOCK_URL = 'https://api.mch.weixin.qq.com/'

/** Looks at everything that can be wrong before the first call, and with `online` at the rest. */
export async function* diagnose(
  environment: Environment,
  options: { online?: OnlineOptions; now: () => number }
): AsyncGenerator<Finding, void, undefined> {
  yield* examineEnvironment(environment, process.version)
  const clients: [string, unknown][] = []
  for (const name of Object.keys(ACCOUNT_KINDS) as AccountName[]) {
    const { findings, client } = examineAccount(name, environment, options.now())
    yield* findings
    if (client !== undefined) clients.push([ACCOUNT_KINDS[name].area, client])
  }
  if (!options.online) {
    yield {
      level: 'info',
      area: 'Online',
      text: 'not tried: --online compares the clock and calls every account once.'
    }
    return
  }
  const bases = [environment.WEIXIN_PAY_BASE_URL, environment.WEIXIN_BASE_URL].filter((url) => url && URL.canParse(url))
  yield await examineClock(bases[0] ?? CLOCK_URL, options.online)
  for (const [area, client] of clients) {
    const finding = await examineOnline(area, client, options.online.signal)
    if (finding) yield finding
  }
}

async function run(args: readonly string[], io: CliIo): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { env: { type: 'string' }, online: { type: 'boolean' } }
  })
  const environment = { ...process.env, ...readEnvFile(values.env) }
  const now = Date.now
  const online = values.online ? { fetch: globalThis.fetch, now, signal: io.signal } : undefined
  const count = { error: 0, warning: 0 }
  for await (const finding of diagnose(environment, online ? { online, now } : { now })) {
    if (finding.level === 'error' || finding.level === 'warning') count[finding.level]++
    io.out(formatFinding(finding, io.isColored))
  }
  const plural = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`
  io.out(`\n${plural(count.error, 'error')}, ${plural(count.warning, 'warning')}.\n`)
  return count.error > 0 ? 1 : 0
}

function readEnvFile(file: string | undefined): Environment {
  if (file === undefined) return {}
  try {
    return parseEnv(readFileSync(file, 'utf8'))
  } catch {
    throw new UsageError('--env names a file that cannot be read.')
  }
}

export const doctorCommand: Command = {
  summary: 'Check keys, certificates, serial numbers, the clock and the IP list, and say what to do',
  usage: USAGE,
  run
}
