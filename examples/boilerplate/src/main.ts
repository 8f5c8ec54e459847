import { loadEnvironment } from '../../shared/load-environment.ts'
import { INDEX } from './paths.ts'
import { start } from './server.ts'

const app = await start(loadEnvironment(new URL('../', import.meta.url)))
const { controlUrl } = app.upstream
console.log(`boilerplate listens on ${app.url}; open ${app.url}${INDEX}`)
if (controlUrl) console.log(`WeChat is simulated: act as a person on ${controlUrl}`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void app.close().then(() => process.exit(0)))
}
