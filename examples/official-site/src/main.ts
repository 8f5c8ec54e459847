import { loadEnvironment } from '../../shared/load-environment.ts'
import { start } from './server.ts'

const app = await start(loadEnvironment(new URL('../', import.meta.url)))
const { simulator } = app.upstream
console.log(
  `official-site listens on ${app.url}${simulator ? ' and uses a simulator of WeChat, WeChat Pay, Qiniu and Yunpian' : ''}`
)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void app.close().then(() => process.exit(0)))
}
