import { runFeatures } from './features.mjs'

// Not awaited at the top level: a bundler that puts everything into one file puts what it imports late behind this.
runFeatures().then((results) => console.log(`features ${JSON.stringify(results)}`))
