import { runApp } from '../../shared/run-app.ts'
import { boilerplate } from './boilerplate.ts'
import { INDEX } from './paths.ts'

await runApp(boilerplate, INDEX)
