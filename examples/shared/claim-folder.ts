import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Keeps a second process out of a folder of PGlite, which is for one: two would write over each other, and neither would
 * notice. Answers the function that gives the folder up; what a killed process leaves is taken over.
 */
export function claimFolder(folder: string): () => void {
  const path = `${folder}.pid`
  mkdirSync(dirname(path), { recursive: true })
  const claim = () => writeFileSync(path, String(process.pid), { flag: 'wx' })
  try {
    claim()
  } catch {
    const owner = Number(readFileSync(path, 'utf8'))
    if (isRunning(owner)) {
      throw new Error(
        `DATA_FOLDER: process ${owner} uses ${folder}. Several processes need a PostgreSQL, DATABASE_URL. ` +
          `If that process is another program, delete ${path}`
      )
    }
    rmSync(path, { force: true })
    claim()
  }
  return () => rmSync(path, { force: true })
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
