import type { RequestHandler } from 'express'
import { isByScript, isForeign } from '../../shared/foreign-request.ts'
import { AppError } from './error-codes.ts'

/** Refuses what another site sends in the name of a person (10003). */
export const fromOwnPages: RequestHandler = (request, _response, next) => {
  if (isForeign((name) => request.get(name))) throw new AppError(10003)
  next()
}

/** For a GET that moves money or logs somebody in: no picture, link or prefetch, and no HEAD, which Express gives to GET. */
export const byScriptOnly: RequestHandler = (request, _response, next) => {
  if (request.method === 'HEAD') throw new AppError(10002)
  if (!isByScript((name) => request.get(name))) throw new AppError(10003)
  next()
}
