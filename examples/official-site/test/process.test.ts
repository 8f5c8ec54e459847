import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { createSimulator } from 'weixin-kit/simulator'
import { freePort } from '../../shared/free-port.ts'
import { startProcess } from '../../shared/test/app-process.ts'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

it.each([
  [{ PORT: '70000' }, /PORT: must be a port/],
  [{ DATABASE_URL: 'postgres://app:hidden-word@127.0.0.1:1/app' }, /DATABASE_URL: .+ ECONNREFUSED/],
  [{ REDIS_URL: 'redis://:hidden-word@127.0.0.1:1' }, /REDIS_URL: .+ ECONNREFUSED/],
  [{ CA_CERTS_PATH: '/no/such/file.pem' }, /CA_CERTS_PATH: the file cannot be read: ENOENT/]
])('does not start with %o and says why in a line', { timeout: 60_000 }, async (environment, reason) => {
  const port = String(await freePort())
  const failure = await startProcess(main, { PORT: port, DATA_FOLDER: 'memory://', ...environment }).catch(String)
  expect(failure).toMatch(reason)
  expect(failure).toContain('ended with 1')
  expect(failure).not.toMatch(/^ +at |hidden-word/m)
})

it('leaves the folder of the database to one process, and takes it over from a dead one', {
  timeout: 60_000
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'official-site-'))
  const start = async () =>
    startProcess(main, { PORT: String(await freePort()), DATA_FOLDER: join(folder, 'deep', 'data') })
  const first = await start()
  await expect(start()).rejects.toThrow(/DATA_FOLDER: process \d+ uses .+ DATABASE_URL/)
  await first.kill()
  const second = await start()
  expect(await second.stop()).toBe(0)
  expect(readdirSync(join(folder, 'deep'))).toEqual(['data'])
  rmSync(folder, { recursive: true, force: true })
})

it('answers the request that is under way when it is told to end', { timeout: 60_000 }, async () => {
  const simulator = createSimulator()
  const server = await simulator.listen()
  const port = await freePort()
  const environment = { PORT: String(port), SIMULATOR_URL: server.url, DATA_FOLDER: 'memory://' }
  const app = await startProcess(main, environment)

  const body = '{"name":"admin","password":"secret"}'
  const head = `PUT /api/admin/login/ HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.on('data', (chunk) => {
    answer += chunk
  })
  const closed = new Promise((resolve) => socket.once('close', resolve))
  await new Promise<void>((resolve) => socket.write(`${head}\r\nexpect: 100-continue\r\n\r\n`, () => resolve()))
  while (!answer.includes('100 Continue')) await new Promise((resolve) => setTimeout(resolve, 5))

  const ended = app.stop()
  // It takes no new connection while it waits for the body of the one that it has.
  while (await fetch(`http://127.0.0.1:${port}/`).then(Boolean, () => false));
  socket.write(body)
  await closed
  expect(answer).toContain('"code":1403')
  expect(await ended).toBe(0)
  await server.close()
})
