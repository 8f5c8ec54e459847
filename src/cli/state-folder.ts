import { homedir } from 'node:os'
import { join } from 'node:path'

/** Folder for data that outlives a run (XDG Base Directory Specification). */
export function stateFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  return join(env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'weixin-kit')
}
