import Koa, { type Middleware } from 'koa'
import { AppError } from './app-error.ts'
import { describeError } from './describe-error.ts'
import { type Envelope, failureOf } from './envelope.ts'
import { isForeignChange } from './foreign-request.ts'

const HEADERS = { 'x-content-type-options': 'nosniff', 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }

export interface KoaOptions<Code extends number> {
  envelope: Envelope<Code>
  log(line: string): void
  config: { PUBLIC_URL: string }
}

/**
 * A Koa whose responses no cache keeps, in which every error, and what it does not know, is a code of the document, and in which no
 * page of another site changes anything.
 */
export function createKoa<Code extends number>({ envelope, log, config }: KoaOptions<Code>): Koa {
  const app = new Koa()
  app.silent = true
  app.on('error', (error: unknown) => log(`failed: ${describeError(error)}`))
  app.use(answerErrors(envelope, log))
  app.use((koa, next) => {
    const isForeign = isForeignChange(koa.method, (name) => koa.get(name), config.PUBLIC_URL)
    if (isForeign && envelope.foreign !== undefined) throw new AppError(envelope.foreign)
    return next()
  })
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
