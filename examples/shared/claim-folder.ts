import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Keeps a second process out of a folder of PGlite, which is for one: two would write over each other, and neither would
 * notice. Answers the function that gives the folder up; what a killed process leaves is taken over.
 */
export function claimFolder(folder: string): () => void {
  const path = `${folder}.pid`
  mkdirSync(dirname(path), { recursive: true })
  if (!claim(path)) {
    const owner = readFileSync(path, 'utf8')
    if (isRunning(Number(owner)) || !takeOver(path, owner)) {
      throw new Error(
        `DATA_FOLDER: process ${readFileSync(path, 'utf8')} uses ${folder}. Several processes need a PostgreSQL, DATABASE_URL. ` +
          `If that process is another program, delete ${path}`
      )
    }
  }
  return () => rmSync(path, { force: true })
}

/** A link appears with its content or not at all: nobody sees a claim without an owner. */
function claim(path: string): boolean {
  const own = `${path}.${process.pid}`
  writeFileSync(own, String(process.pid))
  try {
    linkSync(own, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    // A file system without links.
    writeFileSync(path, String(process.pid), { flag: 'wx' })
    return true
  } finally {
    rmSync(own, { force: true })
  }
}

/** Takes a dead owner's claim away and makes an own one; false when another process was faster. */
function takeOver(path: string, owner: string): boolean {
  const moved = `${path}.${process.pid}.dead`
  try {
    renameSync(path, moved)
  } catch {
    return claim(path)
  }
  const isDead = readFileSync(moved, 'utf8') === owner
  // Not the claim that was looked at, but the one of a process that took it over meanwhile: it gets it back.
  if (!isDead) linkSync(moved, path)
  rmSync(moved)
  return isDead && claim(path)
}

/** A process with our own id is one before a restart, as in a container, where the id is always 1. */
function isRunning(id: number): boolean {
  if (!Number.isInteger(id) || id <= 0 || id === process.pid) return false
  try {
    return process.kill(id, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
