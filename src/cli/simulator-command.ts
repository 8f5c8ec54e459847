import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createSimulator } from '../simulator/index.ts'
import { type CliIo, type Command, UsageError } from './command.ts'
import { formatLogEntry } from './live-log.ts'
import { simulatorEnv } from './simulator-env.ts'
import { keepState } from './state-file.ts'

const DEFAULT_PORT = 8787

const USAGE = `Usage: weixin-kit simulator [options]

  --port <n>          Port of the loopback server (${DEFAULT_PORT}; 0 takes a free one)
  --host <address>    Address to listen on (127.0.0.1)
  --notify-base <url> Your application: callbacks go there, with the path of notify_url
  --gateway-url <url> Where messages and events of the official account go (--notify-base + /wechat)
  --allow-host <name> A host besides loopback that may be called, e.g. of a container; may be repeated
  --state <file>      Keep users, orders, objects … across restarts
  --env <file>        Write the accounts to this file, too
  --seed <text>       Other accounts and repeatable ids
  --tls               HTTPS, asks for client certificates
  --quiet             No live log`

function port(text: string | undefined): number {
  const value = Number(text ?? DEFAULT_PORT)
  if (!Number.isInteger(value) || value < 0 || value > 65_535)
    throw new UsageError('--port must be a number from 0 to 65535.')
  return value
}

function gatewayUrl(given: string | undefined, base: string | undefined): string | undefined {
  if (given !== undefined || base === undefined) return given
  return `${base.replace(/\/$/, '')}/wechat`
}

async function run(args: readonly string[], io: CliIo): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string' },
      host: { type: 'string' },
      'notify-base': { type: 'string' },
      'gateway-url': { type: 'string' },
      'allow-host': { type: 'string', multiple: true },
      state: { type: 'string' },
      env: { type: 'string' },
      seed: { type: 'string' },
      tls: { type: 'boolean' },
      quiet: { type: 'boolean' }
    }
  })
  const base = values['notify-base']
  const gateway = gatewayUrl(values['gateway-url'], base)
  const simulator = createSimulator({
    ...(values.seed === undefined ? {} : { seed: values.seed }),
    deliver: {
      ...(base === undefined ? {} : { default: base }),
      ...(gateway === undefined ? {} : { gateway }),
      allowHosts: values['allow-host'] ?? []
    }
  })
  const state = values.state === undefined ? undefined : keepState(simulator, values.state)
  const server = await simulator.listen({
    port: port(values.port),
    ...(values.host === undefined ? {} : { host: values.host }),
    tls: values.tls ?? false,
    control: true
  })
  let caFile: string | undefined
  if (values.tls) {
    caFile = join(tmpdir(), 'weixin-kit-simulator-ca.pem')
    writeFileSync(caFile, simulator.certificateAuthority)
  }
  const env = simulatorEnv(simulator, server, caFile)
  if (values.env !== undefined) writeFileSync(values.env, env)
  io.out(`${env}\n# ${server.url} — open it to act as a person; Ctrl+C ends it\n`)
  if (!values.quiet) simulator.log.subscribe((entry) => io.out(formatLogEntry(entry, io.isColored)))
  await new Promise<void>((resolve) => {
    if (io.signal.aborted) resolve()
    else io.signal.addEventListener('abort', () => resolve(), { once: true })
  })
  state?.save()
  await simulator.close()
  return 0
}

/** `weixin-kit simulator` */
export const simulatorCommand: Command = { summary: 'WeChat on a loopback server', usage: USAGE, run }
