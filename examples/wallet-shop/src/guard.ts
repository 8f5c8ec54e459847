import type { RequestHandler } from 'express'
import { isByScript, isForeign, type ReadHeader } from '../../shared/foreign-request.ts'
import type { Config } from './config.ts'
import { AppError } from './error-codes.ts'

/** For a GET that changes something: not for another site, and not by HEAD, which Express gives to GET. */
const guard =
  (isOurs: (header: ReadHeader, publicUrl: string) => boolean) =>
  ({ PUBLIC_URL }: Config): RequestHandler =>
  (request, _response, next) => {
    if (request.method === 'HEAD') throw new AppError(10002)
    if (!isOurs((name) => request.get(name), PUBLIC_URL)) throw new AppError(10003)
    next()
  }

export const fromOwnPages = guard((header, publicUrl) => !isForeign(header, publicUrl))

/** Where money moves or somebody logs in: no picture, link or prefetch of our pages either. */
export const byScriptOnly = guard(isByScript)
