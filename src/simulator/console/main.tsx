import { render } from 'preact'
import { App } from './app.tsx'
import { startTicking } from './business-time.ts'
import { listen } from './exchange-store.ts'

const root = document.getElementById('app')
if (root) render(<App />, root)
listen()
startTicking()
