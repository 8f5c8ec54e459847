import { loadEnvironment } from '../../shared/load-environment.ts'
import { runApp } from '../../shared/run-app.ts'
import { INDEX } from './paths.ts'
import { start } from './server.ts'

const app = await runApp('boilerplate', () => start(loadEnvironment(new URL('../', import.meta.url))))
const { controlUrl } = app.upstream
console.log(`boilerplate listens on ${app.url}; open ${app.url}${INDEX}`)
if (controlUrl) console.log(`WeChat is simulated: act as a person on ${controlUrl}`)
