import { loadEnvironment } from '../../shared/load-environment.ts'
import { start } from './server.ts'

const app = await start(loadEnvironment(new URL('../', import.meta.url)))
const { simulator } = app.upstream
console.log(`boilerplate listens on ${app.url}${simulator ? ' and uses a simulator of WeChat' : ''}`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void app.close().then(() => process.exit(0)))
}
