import { runApp } from '../../shared/run-app.ts'
import { officialSite } from './official-site.ts'

await runApp(officialSite)
