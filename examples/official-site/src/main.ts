import { loadEnvironment } from '../../shared/load-environment.ts'
import { start } from './server.ts'

const app = await start(loadEnvironment(new URL('../', import.meta.url)))
const { controlUrl } = app.upstream
console.log(`official-site listens on ${app.url}`)
if (controlUrl) console.log(`WeChat, WeChat Pay, Qiniu and Yunpian are simulated: act as a person on ${controlUrl}`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void app.close().then(() => process.exit(0)))
}
