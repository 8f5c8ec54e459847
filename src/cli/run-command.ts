import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type CliIo, type Command, UsageError } from './command.ts'
import { formatLogEntry } from './live-log.ts'
import { programEnvironment } from './program-environment.ts'
import { readSimulatorRequest, SIMULATOR_ARGS, SIMULATOR_USAGE } from './simulator-options.ts'
import { startSimulator } from './start-simulator.ts'

const USAGE = `Usage: weixin-kit run [options] -- <command> [arguments]

  Starts the simulator and the command, and redirects its calls to the real hosts to the simulator: by forward proxy
  (HTTPS_PROXY …), and in Node.js programs also by a preload, which covers clients with their own agents.
  The accounts are in its environment, as "weixin-kit simulator" prints them. Exits with the exit code of the command.

  --port <n>              Port of the simulator (a free one)
  --log                   Print the live log to the standard error
  --no-proxy              Node.js programs only: no proxy variables, the preload alone. For clients such as "request",
                          which lose their client certificate behind a proxy
${SIMULATOR_USAGE}`

async function run(args: readonly string[], io: CliIo): Promise<number> {
  const border = args.indexOf('--')
  const [command, ...rest] = border < 0 ? [] : args.slice(border + 1)
  if (command === undefined) throw new UsageError('Name a command after "--": weixin-kit run -- node app.js')
  const { values } = parseArgs({
    args: args.slice(0, border),
    options: { ...SIMULATOR_ARGS, log: { type: 'boolean' }, 'no-proxy': { type: 'boolean' } }
  })
  const request = readSimulatorRequest(values, 0)
  const running = await startSimulator(request, false, (line) => io.error(`# ${line}\n`))
  const folder = mkdtempSync(join(tmpdir(), 'weixin-kit-run-'))
  try {
    mkdirSync(join(folder, 'php'))
    const write = (name: string, content: string | Buffer) => {
      const path = join(folder, name)
      writeFileSync(path, content)
      return path
    }
    const environment = programEnvironment(running, write, folder, process.env, !values['no-proxy'])
    if (values.log) running.simulator.log.subscribe((entry) => io.error(formatLogEntry(entry, io.isColored)))
    return await runProgram(command, rest, environment, io)
  } finally {
    await running.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Its output is that of this process; signals are passed on. */
function runProgram(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  io: CliIo
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', env })
    const end = () => child.kill('SIGTERM')
    io.signal.addEventListener('abort', end, { once: true })
    child.once('error', (error: NodeJS.ErrnoException) => {
      const isMissing = error.code === 'ENOENT'
      reject(isMissing ? new UsageError(`There is no command ${JSON.stringify(command)} on this machine.`) : error)
    })
    child.once('close', (code, signal) => {
      io.signal.removeEventListener('abort', end)
      resolve(code ?? 128 + (constants.signals[signal ?? 'SIGTERM'] ?? 15))
    })
  })
}

/** `weixin-kit run` */
export const runCommand: Command = { summary: 'Run any program against the simulator', usage: USAGE, run }
