import { runFeatures } from '../features/features.mjs'

export default {
  fetch: async () => new Response(`features ${JSON.stringify(await runFeatures())}`)
}
