// What consumers share: running programs and reading what they print.
import { createRequire } from 'node:module'
import { join } from 'node:path'

export const node = process.execPath

/** The result line that a program prints. */
export function featuresOf(output) {
  const line = /^features (\{.*\})$/m.exec(output)
  if (!line) throw new Error(`printed no results: ${output}`)
  return JSON.parse(line[1])
}

export const lines = (output) => process.stdout.write(output)

/** A package that is installed in the folder. */
export async function load(folder, name) {
  return createRequire(join(folder, 'package.json'))(name)
}

/** Asks a server for its results, for at most 30 s, and ends it. */
export async function whileUp(child, url) {
  try {
    for (let attempt = 0; attempt < 150; attempt++) {
      const response = await fetch(url).catch(() => undefined)
      if (response) return featuresOf(await response.text())
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
    throw new Error(`${url} did not respond within 30 s`)
  } finally {
    child.kill()
  }
}
