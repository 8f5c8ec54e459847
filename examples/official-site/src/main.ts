import { loadEnvironment } from '../../shared/load-environment.ts'
import { runApp } from '../../shared/run-app.ts'
import { start } from './server.ts'

const app = await runApp('official-site', () => start(loadEnvironment(new URL('../', import.meta.url))))
const { controlUrl } = app.upstream
console.log(`official-site listens on ${app.url}`)
if (controlUrl) console.log(`WeChat, WeChat Pay, Qiniu and Yunpian are simulated: act as a person on ${controlUrl}`)
