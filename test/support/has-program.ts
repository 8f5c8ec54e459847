import { spawnSync } from 'node:child_process'

/** Whether this machine has a program; `npm test` says at its end what was left out without it. */
export const hasProgram = (name: 'curl' | 'openssl'): boolean =>
  spawnSync(name, [name === 'openssl' ? 'version' : '--version'], { stdio: 'ignore' }).status === 0
