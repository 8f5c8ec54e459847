import { closeSync, openSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { CliIo, Command } from './command.ts'
import { formatLogEntry } from './live-log.ts'
import { reachedAs, simulatorEnv } from './simulator-env.ts'
import { DEFAULT_PORT, readSimulatorRequest, SIMULATOR_ARGS, SIMULATOR_USAGE } from './simulator-options.ts'
import { cannotWrite, startSimulator } from './start-simulator.ts'

const USAGE = `Usage: weixin-kit simulator [options]

  --port <n>              Port of the loopback server (${DEFAULT_PORT}; 0 takes a free one)
  --host <address>        Address to listen on (127.0.0.1)
${SIMULATOR_USAGE}
  --env <file>            Also write the accounts to this file; with --host 0.0.0.0 under the first --allow-host
  --tls                   Print https addresses; the port accepts TLS and plain connections in any case
  --quiet                 No live log

The port is also a forward proxy (HTTPS_PROXY): "weixin-kit run -- <command>" sets everything that a program needs.`

async function run(args: readonly string[], io: CliIo): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { ...SIMULATOR_ARGS, env: { type: 'string' }, tls: { type: 'boolean' }, quiet: { type: 'boolean' } }
  })
  const request = readSimulatorRequest(values, DEFAULT_PORT)
  if (values.env !== undefined) checkWritable('--env', values.env)
  const running = await startSimulator(request, values.tls ?? false, (line) => io.error(`# ${line}\n`))
  const { simulator, server, authority } = running
  const caFile = values.tls ? authority.path : undefined
  const env = simulatorEnv(simulator, server, caFile)
  const [name] = values['allow-host'] ?? []
  const isShared = ['0.0.0.0', '::'].includes(values.host ?? '') && name !== undefined
  try {
    const file = isShared ? simulatorEnv(simulator, reachedAs(name, server), caFile) : env
    if (values.env !== undefined) writeFileSync(values.env, file, { mode: 0o600 })
  } catch (cause) {
    await running.stop()
    throw cannotWrite('--env', values.env ?? '', cause)
  }
  io.out(
    `${env}\n${proxyLines(server.proxyUrl, authority.path)}\n# ${server.url} — open it to act as a user; Ctrl+C stops it\n`
  )
  if (!values.quiet) simulator.log.subscribe((entry) => io.out(formatLogEntry(entry, io.isColored)))
  await new Promise<void>((resolve) => {
    if (io.signal.aborted) resolve()
    else io.signal.addEventListener('abort', () => resolve(), { once: true })
  })
  await running.stop()
  return 0
}

/** For a program with hard-coded hosts. */
function proxyLines(proxyUrl: string, caFile: string | undefined): string {
  const ca = caFile === undefined ? '' : ` NODE_EXTRA_CA_CERTS=${caFile} CURL_CA_BUNDLE=${caFile}`
  return `# A program that calls the real hosts: HTTPS_PROXY=${proxyUrl} HTTP_PROXY=${proxyUrl}${ca}\n# or: npx weixin-kit run -- <command>`
}

/** An existing file keeps its content; a missing one is created. */
function checkWritable(option: string, path: string): void {
  try {
    closeSync(openSync(path, 'a', 0o600))
  } catch (cause) {
    throw cannotWrite(option, path, cause)
  }
}

/** `weixin-kit simulator` */
export const simulatorCommand: Command = { summary: 'WeChat on a loopback server', usage: USAGE, run }
