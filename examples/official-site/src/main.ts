import { start } from './server.ts'

const app = await start(process.env)
const { simulator } = app.upstream
console.log(
  `official-site listens on ${app.url}${simulator ? ' and uses a simulator of WeChat, WeChat Pay, Qiniu and Yunpian' : ''}`
)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void app.close().then(() => process.exit(0)))
}
