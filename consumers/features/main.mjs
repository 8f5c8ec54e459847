import { runFeatures } from './features.mjs'

console.log(`features ${JSON.stringify(await runFeatures())}`)
