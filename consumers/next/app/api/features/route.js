import { runFeatures } from '../../../features/features.mjs'

export const dynamic = 'force-dynamic'
export const GET = async () => new Response(`features ${JSON.stringify(await runFeatures())}`)
