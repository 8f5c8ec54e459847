import { constants, type FileHandle, open, rename, rm } from 'node:fs/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { StateChanges } from '../simulator/framework/state-changes.ts'

/** Characters of one write. */
const PIECE = 128 * 1024
/** Amount of work between two pauses, in which calls are served. */
const SLICE_MS = 4
/** A journal that has grown to twice its first size plus this much is rewritten. */
const SPARE_BYTES = 4 * 1024 * 1024

interface Journal {
  readonly inode: number
  readonly changes: StateChanges
  readonly firstSize: number
}

/**
 * A file to which every save appends the changes. It is rewritten at the first save, after a failed one, when it has
 * grown, and when the file was replaced: under a temporary name, and renamed when complete.
 */
export class StateJournal {
  readonly #path: string
  #journal: Journal | undefined

  constructor(path: string) {
    this.#path = path
  }

  async save(state: object): Promise<void> {
    const journal = this.#journal
    // After a failure the last line may be incomplete: nothing may be appended to it.
    this.#journal = undefined
    const isAdded = journal !== undefined && (await this.#add(journal, state))
    this.#journal = isAdded ? journal : await this.#begin(state)
  }

  async #add({ inode, firstSize, changes }: Journal, state: object): Promise<boolean> {
    const file = await open(this.#path, constants.O_WRONLY | constants.O_APPEND).catch(() => undefined)
    if (!file) return false
    try {
      const { ino, size } = await file.stat()
      if (ino !== inode || size > 2 * firstSize + SPARE_BYTES) return false
      await write(file, changes.since(state))
      return true
    } finally {
      await file.close()
    }
  }

  async #begin(state: object): Promise<Journal> {
    const draft = `${this.#path}.${process.pid}.new`
    const changes = new StateChanges()
    const file = await open(draft, 'w', 0o600)
    try {
      await write(file, changes.since(state))
      await file.sync()
      const { ino: inode, size: firstSize } = await file.stat()
      await file.close()
      await rename(draft, this.#path)
      return { inode, changes, firstSize }
    } catch (error) {
      await file.close().catch(() => undefined)
      await rm(draft, { force: true })
      throw error
    }
  }
}

async function write(file: FileHandle, lines: Iterable<string>): Promise<void> {
  let held = ''
  let since = performance.now()
  for (const text of lines) {
    held += text
    const isLong = held.length >= PIECE
    if (!isLong && performance.now() - since < SLICE_MS) continue
    if (isLong) {
      await file.writeFile(held)
      held = ''
    } else await nextTurn()
    since = performance.now()
  }
  await file.writeFile(held)
}
