import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'

const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome']
const executablePath = COMMANDS.map((command) =>
  spawnSync('which', [command], { encoding: 'utf8' }).stdout?.trim()
).find(Boolean)

/** Whether there is a browser here; prints why pages are not looked at otherwise. */
export function canOpenBrowser(app: string): boolean {
  if (!executablePath)
    console.warn(`SKIPPED: ${app} in a browser: no chromium on this machine (Debian: apt-get install chromium)`)
  return executablePath !== undefined
}

/** Headless Chromium that calls nobody by itself. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: executablePath ?? 'chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync'
    ]
  })
}

/** Keeps a picture of a page in the folder of SCREENSHOTS, if one is named. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`) })
}
