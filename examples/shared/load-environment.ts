import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Reads the `.env` beside an app, if there is one. What the environment says already stays. */
export function loadEnvironment(appFolder: URL): NodeJS.ProcessEnv {
  const path = fileURLToPath(new URL('.env', appFolder))
  if (existsSync(path)) process.loadEnvFile(path)
  return process.env
}
