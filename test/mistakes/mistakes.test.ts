import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { isWeixinKitError } from 'weixin-kit'
import { ACCOUNTS, MINI_PROGRAMS } from './accounts.ts'
import { GATEWAY } from './gateway.ts'
import { HANDLERS } from './handlers.ts'
import type { Mistake } from './mistake.ts'
import { PAY_CALLS } from './pay-calls.ts'
import { PAY_KEYS } from './pay-keys.ts'
import { PAY_NOTIFICATIONS } from './pay-notifications.ts'
import { PAY_V2 } from './pay-v2.ts'
import { SERVICES } from './services.ts'
import { SIMULATOR } from './simulator.ts'

const TABLES: Readonly<Record<string, readonly Mistake[]>> = {
  'keys and options of API v3': PAY_KEYS,
  'calls of API v3': PAY_CALLS,
  'notifications of API v3': PAY_NOTIFICATIONS,
  'API v2': PAY_V2,
  'official account': ACCOUNTS,
  'mini program': MINI_PROGRAMS,
  'Qiniu, Yunpian, Geetest': SERVICES,
  'simulator, command, network': SIMULATOR,
  'message gateway': GATEWAY,
  'handlers and stores': HANDLERS
}

/** What somebody reads who made the mistake. */
async function readingOf({ make }: Mistake): Promise<{ code: string; text: string }> {
  try {
    const printed = await make()
    return { code: typeof printed === 'string' ? 'text' : 'nothing', text: typeof printed === 'string' ? printed : '' }
  } catch (error) {
    if (!isWeixinKitError(error)) throw error
    const { en = '', zh = '有' } = error.hint ?? {}
    // A hint is there in both languages.
    expect(zh).toMatch(/\p{Script=Han}/u)
    return { code: error.code, text: error.message.includes(en) ? error.message : `${error.message} ${en}` }
  }
}

/** Rows of the table of mistakes that leave no trace, in a guide. */
function unseen(language: 'en' | 'zh', title: string): number {
  const guide = readFileSync(new URL(`../../docs/${language}/troubleshooting.md`, import.meta.url), 'utf8')
  const section = guide.split(`## ${title}\n`)[1]?.split('\n## ')[0] ?? ''
  return section.split('\n').filter((line) => line.startsWith('| ')).length - 1
}

test('of 120 typical mistakes at least 115 lead to the cure, and the guides name the others', () => {
  const all = Object.values(TABLES).flat()
  const hidden = unseen('en', 'What nothing can detect')
  expect(hidden).toBeGreaterThan(0)
  expect(unseen('zh', '本库发现不了的错误')).toBe(hidden)
  expect(all.length).toBeGreaterThanOrEqual(115)
  expect(all.length / (all.length + hidden)).toBeGreaterThanOrEqual(115 / 120)
  for (const rows of Object.values(TABLES)) expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length)
})

describe.each(Object.entries(TABLES))('%s', (_, mistakes) => {
  test.each(mistakes.map((mistake) => [mistake.name, mistake] as const))('%s', async (_, mistake) => {
    const { code, text } = await readingOf(mistake)
    expect(`${code}: ${text}`).toMatch(mistake.cure)
    expect(code).toBe(mistake.code)
    if (mistake.not) expect(text).not.toMatch(mistake.not)
  })
})
