import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../free-port.ts'

function findBinaries(): string | undefined {
  const root = '/usr/lib/postgresql'
  const versions = existsSync(root) ? readdirSync(root).sort() : []
  return versions.map((version) => join(root, version, 'bin')).findLast((folder) => existsSync(join(folder, 'initdb')))
}

const binaries = findBinaries()

/** Whether a PostgreSQL server can be started here. */
export const hasPostgres = binaries !== undefined
export const POSTGRES_SKIP_REASON = 'no PostgreSQL server on this machine (Debian: apt-get install postgresql)'

export interface PostgresServer {
  url: string
  stop(): Promise<void>
}

/** Starts a private PostgreSQL without durability on a free loopback port. The server refuses to run as root. */
export async function startPostgres(): Promise<PostgresServer> {
  if (!binaries) throw new Error(POSTGRES_SKIP_REASON)
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'))
  const isRoot = process.getuid?.() === 0
  if (isRoot) execFileSync('chown', ['postgres', folder])
  const as = (command: string, args: string[]): [string, string[]] =>
    isRoot ? ['runuser', ['-u', 'postgres', '--', command, ...args]] : [command, args]
  const data = join(folder, 'data')
  execFileSync(...as(join(binaries, 'initdb'), ['-D', data, '-A', 'trust', '-U', 'app', '--no-sync']), {
    stdio: 'ignore'
  })
  const port = await freePort()
  const settings = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', `unix_socket_directories=${folder}`]
  const server = spawn(
    ...as(join(binaries, 'postgres'), [
      '-D',
      data,
      '-p',
      String(port),
      '-h',
      '127.0.0.1',
      ...settings.flatMap((line) => ['-c', line])
    ]),
    { stdio: 'ignore' }
  )
  for (let attempt = 0; ; attempt++) {
    const { status } = spawnSync(join(binaries, 'pg_isready'), ['-h', '127.0.0.1', '-p', String(port), '-q'])
    if (status === 0) break
    if (attempt > 300 || server.exitCode !== null) throw new Error('PostgreSQL did not start')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return {
    url: `postgres://app@127.0.0.1:${port}/postgres`,
    stop: async () => {
      const ended = new Promise((resolve) => server.once('exit', resolve))
      execFileSync(...as(join(binaries, 'pg_ctl'), ['-D', data, '-m', 'immediate', 'stop']), { stdio: 'ignore' })
      await ended
      rmSync(folder, { recursive: true, force: true })
    }
  }
}
