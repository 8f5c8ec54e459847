import type { RequestHandler } from 'express'
import { route } from 'weixin-kit'
import { toExpressHandler } from 'weixin-kit/express'
import { pageRoutes as filesOf } from '../../../shared/page-files.ts'

/** The page of the shop: `/` and its files. */
export function pageRoutes(): RequestHandler {
  return toExpressHandler(route(filesOf(new URL('../../page/', import.meta.url))))
}
