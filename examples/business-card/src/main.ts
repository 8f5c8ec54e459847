import { runApp } from '../../shared/run-app.ts'
import { businessCard } from './business-card.ts'

await runApp(businessCard, '/')
