import { readFileSync } from 'node:fs'
import { isWeixinKitError } from '../errors/index.ts'
import { type CliIo, UsageError } from './command.ts'
import { COMMANDS } from './commands.ts'

function help(): string {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length))
  const lines = Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`)
  return `Usage: weixin-kit <command> [options]\n\nCommands:\n${lines.join('\n')}\n\nweixin-kit <command> --help shows the options of a command, weixin-kit --version the version.\n`
}

/** From the package.json next to `dist` (or `src`). */
function packageVersion(): string {
  for (const path of ['../package.json', '../../package.json']) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as Record<
        string,
        unknown
      >
      if (name === 'weixin-kit') return String(version)
    } catch {}
  }
  return 'unknown'
}

/** Runs a command line and returns the exit code: 0 success, 1 failure, 2 wrong usage. */
export async function run(args: readonly string[], io: CliIo): Promise<number> {
  const [name, ...rest] = args
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    io.out(help())
    return name === undefined ? 2 : 0
  }
  if (name === '--version' || name === '-v') {
    io.out(`${packageVersion()}\n`)
    return 0
  }
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (!entry) {
    io.error(`There is no command ${JSON.stringify(name)}.\n\n${help()}`)
    return 2
  }
  const command = await entry.load()
  if (rest.includes('--help') || rest.includes('-h')) {
    io.out(`${command.summary}\n\n${command.usage}\n`)
    return 0
  }
  try {
    return await command.run(rest, io)
  } catch (error) {
    if (error instanceof UsageError || isParseArgsError(error)) {
      io.error(`${error.message}\n\n${command.usage}\n`)
      return 2
    }
    if (isWeixinKitError(error)) {
      io.error(`${error.code}: ${error.message}\n`)
      return 1
    }
    throw error
  }
}

function isParseArgsError(error: unknown): error is Error {
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
}
