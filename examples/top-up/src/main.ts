import { runApp } from '../../shared/run-app.ts'
import { topUp } from './top-up.ts'

await runApp(topUp, '/')
