import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import type { SimulatorSnapshot } from '../simulator/saved-state.ts'
import type { Simulator } from '../simulator/simulator.ts'
import { UsageError } from './command.ts'

const SAVE_AFTER_MS = 1_000
const RETRY_AFTER_MS = 10_000

/** Keeps the state of a simulator in a file: loads it, saves soon after a change and at the end. */
export async function keepState(
  simulator: Simulator,
  path: string,
  report: (line: string) => void
): Promise<{ save(): Promise<void> }> {
  load(simulator, path)
  let timer: ReturnType<typeof setTimeout> | undefined
  let saving: Promise<void> | undefined
  let isDirty = false
  const write = async (): Promise<void> => {
    isDirty = false
    try {
      await writeState(simulator, path)
    } catch (error) {
      // A full disk must not end what people are trying out; the next save may work.
      isDirty = true
      report(`the state was not saved: ${path} (${(error as { code?: string }).code ?? String(error)}); going on`)
    }
  }
  const save = async (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    while (saving) await saving
    saving = write().finally(() => {
      saving = undefined
    })
    await saving
  }
  const later = (ms: number): void => {
    timer ??= setTimeout(async () => {
      await save()
      if (isDirty) later(RETRY_AFTER_MS)
    }, ms).unref()
  }
  simulator.onChange(() => {
    isDirty = true
    later(SAVE_AFTER_MS)
  })
  return { save }
}

function load(simulator: Simulator, path: string): void {
  if (existsSync(path)) {
    try {
      const text = readFileSync(path, 'utf8')
      if (text !== '') simulator.restore(JSON.parse(text) as SimulatorSnapshot)
    } catch (cause) {
      throw new UsageError(`${path} is not the state of a simulator. Delete it or choose another file.`, { cause })
    }
  }
  try {
    closeSync(openSync(path, 'a', 0o600))
  } catch (cause) {
    const { code } = cause as { code?: string }
    throw new UsageError(`--state ${path} cannot be written (${code}). Choose another file.`, { cause })
  }
}

/** Writes piece by piece, so that calls are answered in between; a process that dies must not leave half a file. */
async function writeState(simulator: Simulator, path: string): Promise<void> {
  const draft = `${path}.${process.pid}.new`
  const file = await open(draft, 'w', 0o600)
  try {
    for (const text of simulator.snapshotText()) {
      await file.write(text)
      await new Promise((resolve) => setImmediate(resolve))
    }
    await file.close()
    await rename(draft, path)
  } catch (error) {
    await file.close().catch(() => undefined)
    await rm(draft, { force: true })
    throw error
  }
}
