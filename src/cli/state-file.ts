import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { Simulator, SimulatorSnapshot } from '../simulator/simulator.ts'
import { UsageError } from './command.ts'

const SAVE_AFTER_MS = 1_000

/** Keeps the state of a simulator in a file: loads it, saves soon after a change and at the end. */
export function keepState(simulator: Simulator, path: string): { save(): void } {
  if (existsSync(path)) {
    try {
      simulator.restore(JSON.parse(readFileSync(path, 'utf8')) as SimulatorSnapshot)
    } catch (cause) {
      throw new UsageError(`${path} is not the state of a simulator. Delete it or choose another file.`, { cause })
    }
  }
  let timer: ReturnType<typeof setTimeout> | undefined
  const save = () => {
    clearTimeout(timer)
    timer = undefined
    // A process that dies while it writes must not leave half a file.
    writeFileSync(`${path}.new`, JSON.stringify(simulator.snapshot()), { mode: 0o600 })
    renameSync(`${path}.new`, path)
  }
  simulator.log.subscribe(() => {
    timer ??= setTimeout(save, SAVE_AFTER_MS).unref()
  })
  return { save }
}
