import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { run } from '../../../src/cli/run.ts'

/** Runs a command line until `use` is done with it. */
async function start(args: string[], use: (url: string, output: () => string) => Promise<void> = async () => {}) {
  const abort = new AbortController()
  let output = ''
  let errors = ''
  let ready: (url: string) => void = () => {}
  const started = new Promise<string>((resolve) => {
    ready = resolve
  })
  const finished = run(args, {
    out: (text) => {
      output += text
      const url = /^# (http\S+) — /m.exec(text)?.[1]
      if (url) ready(url)
    },
    error: (text) => {
      errors += text
    },
    isColored: false,
    signal: abort.signal
  })
  const first = await Promise.race([started, finished])
  if (typeof first === 'string') {
    try {
      await use(first, () => output)
    } finally {
      abort.abort()
    }
  }
  return { code: await finished, output, errors }
}

describe('weixin-kit', () => {
  it('lists its commands', async () => {
    expect(await start(['--help'])).toMatchObject({ code: 0, output: expect.stringContaining('simulator') })
    expect(await start([])).toMatchObject({ code: 2 })
    expect(await start(['toString'])).toMatchObject({
      code: 2,
      errors: expect.stringContaining('no command "toString"')
    })
  })
})

describe('weixin-kit simulator', () => {
  const read = (output: string, name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(output)?.[1] ?? ''

  it('prints its accounts, answers, and logs without secrets', async () => {
    const { code, output } = await start(['simulator', '--port', '0'], async (_, output) => {
      const env = output()
      const secret = read(env, 'WEIXIN_MP_APP_SECRET')
      const url = `${read(env, 'WEIXIN_BASE_URL')}/cgi-bin/token?grant_type=client_credential&appid=${read(env, 'WEIXIN_MP_APP_ID')}&secret=${secret}`
      expect(await (await fetch(url)).json()).toMatchObject({ expires_in: 7200 })
      expect(await (await fetch(url.replace(secret, 'wrong'))).json()).toMatchObject({ errcode: 40125 })
    })
    expect(code).toBe(0)
    expect(output).toMatch(/→ GET {2}api\.weixin\.qq\.com\/cgi-bin\/token\S+ 200 /)
    expect(output).toContain('✓ appid and secret')
    expect(output).toContain('✗ 40125 invalid appsecret')
    expect(output.split(read(output, 'WEIXIN_MP_APP_SECRET'))).toHaveLength(2)
    expect(read(output, 'WEIXIN_PAY_PRIVATE_KEY')).toMatch(/^"-----BEGIN PRIVATE KEY-----\\n.*\\n"$/)
  })

  it('keeps its state over a restart', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'weixin-kit-'))
    const args = [
      'simulator',
      '--port',
      '0',
      '--quiet',
      '--state',
      join(directory, 'state.json'),
      '--env',
      join(directory, '.env')
    ]
    let token = ''
    const tokenOf = async (env: string) => {
      const body = {
        grant_type: 'client_credential',
        appid: read(env, 'WEIXIN_MP_APP_ID'),
        secret: read(env, 'WEIXIN_MP_APP_SECRET')
      }
      const answer = await fetch(`${read(env, 'WEIXIN_BASE_URL')}/cgi-bin/stable_token`, {
        method: 'POST',
        body: JSON.stringify(body)
      })
      return ((await answer.json()) as { access_token: string }).access_token
    }
    await start(args, async (_, output) => {
      token = await tokenOf(output())
    })
    await start(args, async () => {
      expect(await tokenOf(readFileSync(join(directory, '.env'), 'utf8'))).toBe(token)
    })
    expect(token).not.toBe('')
  })

  it('writes the file for other containers, and prints for this machine', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'weixin-kit-')), '.env')
    const shared = ['simulator', '--port', '0', '--quiet', '--env', file, '--host', '0.0.0.0']
    const { output } = await start([...shared, '--allow-host', 'wechat', '--allow-host', 'app'])
    const { port } = new URL(read(output, 'WEIXIN_BASE_URL'))
    const written = readFileSync(file, 'utf8')
    expect(read(output, 'WEIXIN_BASE_URL')).toBe(`http://127.0.0.1:${port}/api.weixin.qq.com`)
    expect(read(written, 'WEIXIN_BASE_URL')).toBe(`http://wechat:${port}/api.weixin.qq.com`)
    expect(read(written, 'GEETEST_BASE_URL')).toBe(`http://wechat:${port}/api.geetest.com`)
    expect(read(written, 'WEIXIN_OPEN_BASE_URL')).toBe(`http://127.0.0.1:${port}/open.weixin.qq.com`)
    expect(read(written, 'QINIU_DOMAIN')).toBe(`http://simulator.localhost:${port}`)

    const alone = await start(shared)
    expect(read(readFileSync(file, 'utf8'), 'WEIXIN_BASE_URL')).toBe(read(alone.output, 'WEIXIN_BASE_URL'))
  })

  it.each<[string[], number, RegExp]>([
    [['--port', 'x'], 2, /--port must be/],
    [['--prot', '1'], 2, /--prot/],
    [['--notify-base', 'https://shop.example.com'], 1, /ERR_CONFIG: .*never calls production/],
    [['--env', '/dev/full'], 1, /--env \/dev\/full cannot be written \(ENOSPC\)/],
    [
      ['--env', '/no/such/folder/.env'],
      1,
      /--env .* cannot be written \(ENOENT\): check that the folder \/no\/such\/folder exists/
    ],
    [['--credentials', '/dev/null/x'], 1, /--credentials .* cannot be written \(ENOTDIR\)/],
    [['--state', '/no/such/folder/state'], 2, /--state .* cannot be written \(ENOENT\)/],
    [['--state', '/dev/full'], 2, /is not a file/],
    [['--state', join(import.meta.dirname, 'simulator-command.test.ts')], 2, /not the state of a simulator/]
  ])('refuses %j', async (args, code, message) => {
    expect(await start(['simulator', ...args])).toMatchObject({ code, errors: expect.stringMatching(message) })
  })
})
