import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { run } from '../../../src/cli/run.ts'

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')

it('the command of the Dockerfile starts a simulator that containers reach under its name', async () => {
  const dockerfile = read('examples/docker/Dockerfile')
  const [, list = ''] = /^CMD (\[[\s\S]*\])$/m.exec(dockerfile.replaceAll('\\\n', '')) ?? []
  const [command, ...given] = JSON.parse(list) as string[]
  expect(command).toBe('weixin-kit')
  const folder = mkdtempSync(join(tmpdir(), 'weixin-kit-'))
  const args = given.map((one) => one.replace('/data', folder).replace(/^8787$/, '0'))
  const abort = new AbortController()
  let errors = ''
  let began: (url: string) => void = () => {}
  const started = new Promise<string>((resolve) => {
    began = resolve
  })
  const out = (text: string) => {
    const [, url] = /^# (http\S+) — /m.exec(text) ?? []
    if (url) began(url)
  }
  const error = (text: string) => {
    errors += text
  }
  const ended = run(args, { out, error, isColored: false, signal: abort.signal })
  const port = new URL(await started).port
  const { get } = await import('node:http')
  const statusOf = (host: string) =>
    new Promise((resolve) =>
      get({ host: '127.0.0.1', port, path: '/-/users', headers: { host } }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
    )
  expect(await statusOf('simulator:8787')).toBe(200)
  expect(await statusOf('other:8787')).toBe(403)
  abort.abort()
  expect({ code: await ended, errors: errors.replace(/^# .*\n/gm, '') }).toEqual({ code: 0, errors: '' })
  // Names of accounts in the file are those that compose.yaml hands to the application.
  expect(readFileSync(join(folder, 'simulator.env'), 'utf8')).toContain('WEIXIN_PAY_MCH_ID=')
  expect(readFileSync(join(folder, 'simulator-ca.pem'), 'utf8')).toContain('BEGIN CERTIFICATE')
  expect(read('examples/docker/compose.yaml')).toContain('/data/simulator-ca.pem')
})
