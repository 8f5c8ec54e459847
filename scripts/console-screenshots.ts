// Pictures of the console for the guides: `npx tsx scripts/console-screenshots.ts [folder] [names…]`. Needs chromium.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { build } from 'rolldown'
import { consoleBundle } from './support/console-bundle.ts'
import { playScene } from './support/console-scene.ts'

const [folder = 'docs/images', ...wanted] = process.argv.slice(2)

interface Picture {
  readonly name: string
  readonly size: readonly [width: number, height: number]
  readonly dark?: boolean
  readonly english?: boolean
  readonly hash?: string
  readonly prepare?: (page: Page) => Promise<unknown>
}

const tab = (page: Page, name: string) => page.getByRole('tab', { name }).first().click()
const chooseRefused = async (page: Page) => {
  await page
    .getByRole('option', { name: /SIGN_ERROR|FAIL/ })
    .first()
    .click()
  await page.getByRole('note').waitFor()
}

const PICTURES: readonly Picture[] = [
  { name: 'console', size: [1600, 960], prepare: chooseRefused },
  { name: 'console-en', size: [1600, 960], english: true, prepare: chooseRefused },
  { name: 'console-dark', size: [1600, 960], dark: true, prepare: chooseRefused },
  {
    name: 'console-pay',
    size: [1600, 960],
    prepare: async (page) => {
      await tab(page, '付款')
      await page
        .getByRole('button', { name: /龙井茶 250g/ })
        .first()
        .click()
      await page
        .getByRole('option', { name: /notify/ })
        .first()
        .click()
    }
  },
  { name: 'console-money', size: [1600, 960], hash: '#/money' },
  { name: 'console-faults', size: [1600, 960], hash: '#/faults' },
  { name: 'console-services', size: [1600, 960], hash: '#/services' },
  { name: 'console-time', size: [1600, 960], hash: '#/time' },
  {
    name: 'console-two-phones',
    size: [1800, 960],
    prepare: async (page) => {
      await page.getByRole('button', { name: '并排两部手机' }).click()
      await chooseRefused(page)
    }
  },
  { name: 'console-narrow', size: [380, 780] },
  {
    name: 'console-narrow-list',
    size: [380, 780],
    prepare: (page) => page.getByRole('button', { name: '记录' }).click()
  },
  {
    name: 'console-narrow-detail',
    size: [380, 780],
    dark: true,
    prepare: async (page) => {
      await page.getByRole('button', { name: '记录' }).click()
      await chooseRefused(page)
    }
  },
  { name: 'console-narrow-faults', size: [380, 780], hash: '#/faults' }
]

async function take(browser: Browser, url: string, picture: Picture): Promise<void> {
  const [width, height] = picture.size
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: picture.dark ? 'dark' : 'light',
    locale: picture.english ? 'en-GB' : 'zh-CN',
    timezoneId: 'Asia/Shanghai'
  })
  const page = await context.newPage()
  page.on('console', (message) => {
    if (message.type() === 'error') console.warn(`${picture.name}: ${message.text()}`)
  })
  await page.goto(`${url}/${picture.hash ?? ''}`)
  await page.getByRole('navigation').first().waitFor()
  await page.waitForTimeout(400)
  await picture.prepare?.(page)
  await page.waitForTimeout(500)
  await page.screenshot({ path: join(folder, `${picture.name}.png`) })
  await context.close()
}

await build(consoleBundle('.tmp/console'))
mkdirSync(folder, { recursive: true })
const scene = await playScene()
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu']
})
for (const picture of PICTURES) {
  if (wanted.length > 0 && !wanted.includes(picture.name)) continue
  await take(browser, scene.url, picture)
  console.log(picture.name)
}
await browser.close()
await scene.close()
