import { join } from 'node:path'
import { run } from './package.mjs'
import { featuresOf, node } from './programs.mjs'

/** What every server of a framework has to do. */
export const MESSAGES = [
  'encrypted message and reply',
  'forged message refused',
  'JSON message, above the parsers',
  'other routes keep their parsers'
]
export const PAYMENTS = [
  'WeChat Pay v3: order, payment, verified notification',
  'WeChat Pay v3: forged notification refused'
]

/** Starts a server from the folder of a consumer and returns what became of the checks. `PORT` in the command is the port. */
export function drive(folder, { command, cwd = folder, ...rest }) {
  const job = { command, cwd, ...rest }
  return featuresOf(run(node, [join(folder, 'drive/drive.mjs'), JSON.stringify(job)]))
}
