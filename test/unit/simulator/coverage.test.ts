import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createSimulator } from 'weixin-kit/simulator'

const SOURCE = new URL('../../../src/', import.meta.url).pathname

/** Paths of WeChat that stand in the source of a client. */
function pathsIn(...folders: string[]): string[] {
  const found = new Set<string>()
  for (const folder of folders) {
    for (const entry of readdirSync(join(SOURCE, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !entry.name.endsWith('.ts')) continue
      const text = readFileSync(join(entry.parentPath, entry.name), 'utf8')
      for (const [, path] of text.matchAll(/['"`](\/(?:cgi-bin|wxa|wxaapi|sns|customservice|connect|mp)\/[\w/]+)/g))
        found.add(path ?? '')
    }
  }
  return [...found].sort()
}

const HOSTS = ['api.weixin.qq.com', 'open.weixin.qq.com', 'mp.weixin.qq.com']

describe('every WeChat path that a client calls', () => {
  const paths = pathsIn('core', 'wechat-api', 'mp', 'miniapp')

  it('is found', () => {
    expect(paths.length).toBeGreaterThan(60)
  })

  it.each(paths)('%s is simulated', async (path) => {
    const { fetch } = createSimulator()
    const known = await Promise.all(
      HOSTS.map(async (host) => {
        const answers = await Promise.all(['GET', 'POST'].map((method) => fetch(`https://${host}${path}`, { method })))
        const texts = await Promise.all(answers.map((answer) => answer.text()))
        return texts.some((text) => text !== 'not found' && !text.includes('"errcode":40066'))
      })
    )
    expect(known).toContain(true)
  })
})
