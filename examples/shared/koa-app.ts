import Koa, { type Middleware } from 'koa'
import { describeError } from './describe-error.ts'
import { type Envelope, failureOf } from './envelope.ts'

const HEADERS = { 'x-content-type-options': 'nosniff', 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }

/** A Koa whose answers no cache keeps, and which answers every error, and what it does not know, with a code of the document. */
export function createKoa<Code extends number>(envelope: Envelope<Code>, log: (line: string) => void): Koa {
  const app = new Koa()
  app.silent = true
  app.on('error', (error: unknown) => log(`failed: ${describeError(error)}`))
  app.use(answerErrors(envelope, log))
  return app
}

function answerErrors<Code extends number>(envelope: Envelope<Code>, log: (line: string) => void): Middleware {
  return async (koa, next) => {
    koa.set(HEADERS)
    try {
      await next()
      if (koa.status !== 404 || koa.body !== undefined || koa.respond === false) return
      koa.status = envelope.codes[envelope.notFound].status
      koa.body = envelope.bodyOf(envelope.notFound)
    } catch (thrown) {
      const { status, body, line } = failureOf(envelope, thrown)
      if (line) log(`${koa.method} ${koa.path} → ${line}`)
      koa.status = status
      koa.body = body
    }
  }
}
