import { closeSync, openSync, readFileSync, statSync } from 'node:fs'
import type { StateLine } from '../simulator/framework/state-changes.ts'
import { StateLines } from '../simulator/framework/state-lines.ts'
import type { SimulatorSnapshot } from '../simulator/saved-state.ts'
import type { Simulator } from '../simulator/simulator.ts'
import { UsageError } from './command.ts'
import { StateJournal } from './state-journal.ts'

const SAVE_AFTER_MS = 1_000
const RETRY_AFTER_MS = 10_000
/** After a slow save the next one is delayed. */
const PAUSE_FACTOR = 10
const LONGEST_PAUSE_MS = 5_000

/** Keeps the state of a simulator in a file: loads it, saves soon after a change and at the end. */
export async function keepState(
  simulator: Simulator,
  path: string,
  report: (line: string) => void
): Promise<{ save(): Promise<void> }> {
  load(simulator, path)
  const journal = new StateJournal(path)
  let timer: ReturnType<typeof setTimeout> | undefined
  let saving: Promise<void> | undefined
  let isDirty = false
  let waitMs = SAVE_AFTER_MS
  const write = async (): Promise<void> => {
    isDirty = false
    const began = performance.now()
    try {
      await journal.save(simulator.state)
      const pauseMs = PAUSE_FACTOR * (performance.now() - began)
      waitMs = Math.min(LONGEST_PAUSE_MS, Math.max(SAVE_AFTER_MS, pauseMs))
    } catch (error) {
      // A full disk must not stop the simulator; the next save may work.
      isDirty = true
      waitMs = RETRY_AFTER_MS
      report(`the state was not saved: ${path} (${(error as { code?: string }).code ?? String(error)}); continuing`)
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
  const later = (): void => {
    timer ??= setTimeout(async () => {
      await save()
      if (isDirty) later()
    }, waitMs).unref()
  }
  const stop = simulator.onChange(() => {
    isDirty = true
    later()
  })
  return {
    save: async () => {
      stop()
      await save()
    }
  }
}

function load(simulator: Simulator, path: string): void {
  // The file is replaced as a whole: a device such as /dev/null would disappear.
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === false) {
    throw new UsageError(`--state ${path} is not a file. Choose another one.`)
  }
  try {
    const state = readState(path)
    if (state !== undefined) simulator.restore(state as SimulatorSnapshot)
  } catch (cause) {
    if ((cause as { code?: string }).code !== 'ENOENT') {
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

const NEWLINE = 10

/** A journal, or the JSON of a snapshot. Data after the last complete save, left by a process that died, is ignored. */
function readState(path: string): unknown {
  const bytes = readFileSync(path)
  if (bytes.length === 0) return undefined
  if (bytes[0] !== 0x5b) return JSON.parse(bytes.toString('utf8'))
  const lines = new StateLines()
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(NEWLINE, from)
    if (end < 0) break
    lines.add(JSON.parse(bytes.toString('utf8', from, end)) as StateLine)
    from = end + 1
  }
  const { state } = lines
  if (state === undefined) throw new SyntaxError('no complete save in it')
  return state
}
