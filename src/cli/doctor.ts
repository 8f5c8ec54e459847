import { readFileSync } from 'node:fs'
import { parseArgs, parseEnv } from 'node:util'
import { type CliIo, type Command, UsageError } from './command.ts'
import { ACCOUNT_KINDS, type AccountName, examineAccount } from './doctor-accounts.ts'
import { examineEnvironment } from './doctor-environment.ts'
import { type Environment, type Finding, formatFinding } from './doctor-finding.ts'
import { examineClock, examineOnline, type OnlineOptions } from './doctor-online.ts'

const USAGE = `Usage: weixin-kit doctor [options]

  --env <file>       Read variables from this file, too (they take precedence over those of the process)
  --online           Compare the clock with WeChat's and make one harmless call per account
  --require <names>  Accounts that must be configured, e.g. officialAccount,payV3
  --json             Print one JSON object per line

Variables are named as "weixin-kit simulator" prints them: WEIXIN_MP_APP_ID, WEIXIN_PAY_MCH_ID, …
Every one can be given as a file: WEIXIN_PAY_PRIVATE_KEY_FILE=apiclient_key.pem. No value is ever printed.
Exit code 1 if something is wrong, or if there is nothing to check.`

const CLOCK_URL = 'https://api.mch.weixin.qq.com/'

/** Checks everything that can be wrong before the first call, and with `online` the rest. */
export async function* diagnose(
  environment: Environment,
  options: { online?: OnlineOptions; now: () => number; require?: readonly AccountName[] }
): AsyncGenerator<Finding, void, undefined> {
  yield* examineEnvironment(environment, process.version)
  const clients: [string, unknown][] = []
  let isChecked = false
  for (const name of Object.keys(ACCOUNT_KINDS) as AccountName[]) {
    const { findings, client } = examineAccount(name, environment, options.now())
    const isRequired = options.require?.includes(name) === true
    for (const finding of findings) {
      // A required account that is not configured is more than a remark.
      const isAbsent = isRequired && client === undefined && finding.level === 'info'
      yield isAbsent ? { ...finding, level: 'error', text: `required, but ${finding.text}` } : finding
    }
    if (client !== undefined) clients.push([ACCOUNT_KINDS[name].area, client])
    isChecked ||= findings.some(({ level }) => level !== 'info')
  }
  if (!isChecked) {
    const text = 'none is configured, so nothing was checked: name the file with --env, or set the variables above.'
    yield { level: 'error', area: 'Accounts', text }
  }
  if (!options.online) {
    yield {
      level: 'info',
      area: 'Online',
      text: 'not checked: --online compares the clock and calls every account once.'
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
    options: {
      env: { type: 'string' },
      online: { type: 'boolean' },
      require: { type: 'string', multiple: true },
      json: { type: 'boolean' }
    }
  })
  const environment = { ...process.env, ...readEnvFile(values.env) }
  const now = Date.now
  const online = values.online ? { fetch: globalThis.fetch, now, signal: io.signal } : undefined
  const count = { error: 0, warning: 0 }
  const require = accountsOf(values.require ?? [])
  for await (const finding of diagnose(environment, { now, require, ...(online ? { online } : {}) })) {
    if (finding.level === 'error' || finding.level === 'warning') count[finding.level]++
    io.out(values.json ? `${JSON.stringify(finding)}\n` : formatFinding(finding, io.isColored))
  }
  const plural = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`
  if (!values.json) io.out(`\n${plural(count.error, 'error')}, ${plural(count.warning, 'warning')}.\n`)
  return count.error > 0 ? 1 : 0
}

function accountsOf(lists: readonly string[]): AccountName[] {
  const known = Object.keys(ACCOUNT_KINDS) as AccountName[]
  return lists
    .flatMap((list) => list.split(','))
    .map((name) => {
      const found = known.find((one) => one === name.trim())
      if (!found)
        throw new UsageError(`--require: there is no account "${name.trim()}"; known are ${known.join(', ')}.`)
      return found
    })
}

function readEnvFile(file: string | undefined): Environment {
  if (file === undefined) return {}
  try {
    // Editors on Windows write a byte order mark before the first name.
    return parseEnv(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''))
  } catch {
    throw new UsageError(`--env ${file} cannot be read: give the path of a file such as .env.`)
  }
}

export const doctorCommand: Command = {
  summary: 'Check keys, certificates, serial numbers, the clock and the IP list, and say what to do',
  usage: USAGE,
  run
}
