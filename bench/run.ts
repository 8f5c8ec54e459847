import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import type { BenchCase } from './case.ts'

const ROUNDS = 15
const ROUND_MS = 60
/** Rounds of calls that run side by side must outlast the pauses of the garbage collector and of other processes. */
const CONCURRENT_ROUND_MS = 250

const areas = process.argv.slice(2).filter((argument) => !argument.startsWith('-'))
const isStrict = process.argv.includes('--strict')
const files = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && !['run.ts', 'case.ts'].includes(file))
  .map((file) => file.replace('.ts', ''))
  .filter((area) => areas.length === 0 || areas.includes(area))

let missed = 0
for (const area of files) {
  const { cases, run } = await load(area)
  console.log(`\n${area}`)
  missed += (await run?.()) ?? 0
  for (const item of cases ?? []) missed += await measure(item)
}
if (isStrict && missed > 0) process.exitCode = 1

/** As it is published: the loader of TypeScript files gives every closure its name, which costs small functions their half. */
async function load(area: string): Promise<{ cases?: BenchCase[]; run?: () => number | Promise<number> }> {
  // Beside the source, so that its relative paths hold.
  const outfile = join(import.meta.dirname, `.built-${area}.mjs`)
  try {
    await build({
      entryPoints: [join(import.meta.dirname, `${area}.ts`)],
      outfile,
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      target: 'node20'
    })
    return await import(outfile)
  } finally {
    rmSync(outfile, { force: true })
  }
}

/** Prints the median ratio of interleaved rounds, because the machine's speed drifts and only ratios are worth reading. */
async function measure(item: BenchCase): Promise<number> {
  await item.setup?.()
  const iterations = await calibrate(item)
  const ratios: number[] = []
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const floorFirst = round % 2 === 0
    const first = await time(floorFirst ? item.floor : item.ours, item, iterations)
    const second = await time(floorFirst ? item.ours : item.floor, item, iterations)
    const [floor, ours] = floorFirst ? [first, second] : [second, first]
    ratios.push(floor / ours)
    times.push(ours / iterations)
  }
  await item.teardown?.()
  const ratio = median(ratios)
  const isReached = ratio >= item.target
  const microseconds = (median(times) * 1000).toFixed(1).padStart(8)
  console.log(
    `  ${isReached ? 'ok  ' : 'MISS'} ${item.name.padEnd(60)} ${ratio.toFixed(2)} of the floor (target ${item.target.toFixed(2)}), ${microseconds} µs`
  )
  return isReached ? 0 : 1
}

async function calibrate(item: BenchCase): Promise<number> {
  let iterations = item.concurrency ?? 1
  const roundMs = item.concurrency ? CONCURRENT_ROUND_MS : ROUND_MS
  for (;;) {
    const elapsed = await time(item.ours, item, iterations)
    await time(item.floor, item, iterations)
    if (elapsed >= roundMs / 2) return Math.max(iterations, Math.ceil((iterations * roundMs) / elapsed))
    iterations *= 2
  }
}

async function time(work: () => unknown, item: BenchCase, iterations: number): Promise<number> {
  const bound = work.bind(item)
  const start = performance.now()
  if (item.concurrency) {
    let left = iterations
    const lane = async () => {
      while (left-- > 0) await bound()
    }
    await Promise.all(Array.from({ length: item.concurrency }, lane))
  } else {
    for (let index = 0; index < iterations; index++) {
      const result = bound()
      if (result instanceof Promise) await result
    }
  }
  return performance.now() - start
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
