// How fast the console of the simulator is: `npx tsx scripts/console-measure.ts`. Needs chromium.

import { readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { chromium } from 'playwright-core'
import { build } from 'rolldown'
import { createSimulator } from '../src/simulator/index.ts'
import { consoleBundle } from './support/console-bundle.ts'

const FOLDER = '.tmp/console'
const EXCHANGES = 10_000

await build(consoleBundle(FOLDER))
const sizes = readdirSync(FOLDER).map((name) => gzipSync(readFileSync(`${FOLDER}/${name}`)).length)
console.log(`size: ${(sizes.reduce((sum, size) => sum + size, 0) / 1024).toFixed(1)} KiB gzipped`)

const simulator = createSimulator({ limits: { logEntries: EXCHANGES } })
const server = await simulator.listen({ control: true })
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--enable-precise-memory-info']
})
const page = await browser.newPage({ viewport: { width: 1500, height: 900 } })
await page.goto(server.url)
await page.getByRole('tab').first().waitFor()
const paint = await page.evaluate<number>("performance.getEntriesByName('first-contentful-paint')[0].startTime")
console.log(`first paint after a cold start: ${Math.round(paint)} ms`)

for (let i = 0; i < EXCHANGES + 2_000; i++) {
  await simulator.fetch(`https://api.weixin.qq.com/cgi-bin/getcallbackip?n=${i}`)
}
await page.reload()
await page
  .getByText(`${EXCHANGES} (`)
  .or(page.getByText(`${EXCHANGES} 条`))
  .waitFor()

// On a machine that is busy with other things frames are late: what the page itself uses is counted, too.
const session = await page.context().newCDPSession(page)
await session.send('Performance.enable', { timeDomain: 'threadTicks' })
const busySeconds = async () => {
  const { metrics } = await session.send('Performance.getMetrics')
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0
}
const before = await busySeconds()

/** Scrolls through all of it and collects the times between frames. */
const frames = await page.evaluate<number[]>(`new Promise((resolve) => {
  const list = document.querySelector('.lines')
  const times = []
  let last = performance.now()
  const step = (now) => {
    times.push(now - last)
    last = now
    list.scrollTop += 2500
    if (list.scrollTop + list.clientHeight >= list.scrollHeight - 1) resolve(times.slice(2))
    else requestAnimationFrame(step)
  }
  requestAnimationFrame(step)
})`)
const perFrame = (((await busySeconds()) - before) * 1000) / frames.length
const sorted = [...frames].sort((a, b) => a - b)
const at = (part: number) => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0).toFixed(1)
console.log(
  `${EXCHANGES} exchanges, scrolled: ${frames.length} frames, median ${at(0.5)} ms, 99 % ${at(0.99)} ms, longest ${at(1)} ms`
)
console.log(`main thread: ${perFrame.toFixed(1)} ms of CPU time per frame`)
const memory = await page.evaluate<number>('performance.memory.usedJSHeapSize')
const nodes = await page.evaluate<number>("document.querySelectorAll('.line').length")
console.log(`memory of the page: ${(memory / 1_048_576).toFixed(0)} MiB, ${nodes} rows in the document`)
await browser.close()
await simulator.close()
