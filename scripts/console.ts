// `npm run console`: builds the page of the simulator for a checkout, where the code is not in dist.
import { build } from 'rolldown'
import { consoleBundle } from './support/console-bundle.ts'

await build(consoleBundle('.tmp/console'))
