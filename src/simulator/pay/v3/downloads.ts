import { DOWNLOAD_PATH } from '../ledger/downloads.ts'
import { get, type V3Route } from './route.ts'
import { object, str, text } from './shape.ts'

/** Files behind a `download_url`. */
export const DOWNLOAD_ROUTES: readonly V3Route[] = [
  get(DOWNLOAD_PATH, { query: object({ token: text(1, 256) }), isDownload: true }, ({ world, merchant, query }) =>
    world.downloads.read(merchant.mchId, str(query, 'token'))
  )
]
