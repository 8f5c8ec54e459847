import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Database } from '../../shared/database.ts'
import { KeyReusedError, keptAnswer, once, type RequestKey } from '../../shared/requests.ts'
import type { Context } from './app.ts'
import { type Answer, AppError } from './error-codes.ts'
import { type Fields, read } from './input.ts'
import type { Role, Signer } from './signature.ts'

/** Who may call a route, and whom the call is about. */
export interface Who<Parties> {
  roles(fields: Fields): readonly Role[]
  /** Throws for whom the signer may not name: 302, whether there is one or not. */
  find(context: Context, signer: Signer, fields: Fields): Promise<Parties>
}

export interface CallBase {
  token: string
  /** Of the caller. */
  address: string
  request: FastifyRequest
  /**
   * Does what a request changes, in one transaction. A repeat of the signed request gets the first result, which is JSON; when the
   * work throws, nothing is kept.
   */
  once<T>(work: (db: Database) => Promise<T>): Promise<T>
  /** The first result of `once`, for a repeat of what asks WeChat or waits. */
  kept<T>(): Promise<{ answer: T } | undefined>
}
export type Call<Parties, Input> = CallBase & Parties & { input: Input }

export interface Endpoint {
  method: 'GET' | 'POST'
  path: string
  answer(context: Context, request: FastifyRequest): Promise<Answer>
}

interface EndpointSpec<Parties, Shape extends z.ZodRawShape> {
  who: Who<Parties>
  /** Fields of the query, or of the body of a POST. */
  input?: Shape
  handle(call: Call<Parties, z.infer<z.ZodObject<Shape>>>): Promise<Answer>
}

/** A route that is signed: signature, replay, parties, input, work, in this order. */
export function endpoint<Parties, Shape extends z.ZodRawShape = Record<never, z.ZodType>>(
  method: Endpoint['method'],
  path: string,
  { who, input, handle }: EndpointSpec<Parties, Shape>
): Endpoint {
  const schema = z.object(input ?? ({} as Shape))
  const answer: Endpoint['answer'] = async (context, request) => {
    const fields = fieldsOf(request)
    const signer = await context.signatures.check(request, who.roles(fields))
    const key = signer.mark === undefined ? undefined : keyOf(request, signer, signer.mark)
    if (key) await refuseOtherContent(context, key)
    const parties = await who.find(context, signer, fields)
    return handle({
      ...parties,
      input: read(schema, fields),
      token: signer.token,
      address: request.ip.replace(/^::ffff:/, ''),
      request,
      kept: async <T>() => (key ? keptAnswer<T>(context.db, key).catch(asReplay) : undefined),
      once: (work) => (key ? once(context.db, key, work).catch(asReplay) : context.db.transaction(work))
    })
  }
  return { method, path, answer }
}

/** A POST is read from its body only: what is in its query says who asks. The path may name a row, too. */
export function fieldsOf({ method, query, body, params }: FastifyRequest): Fields {
  const given = method === 'GET' ? query : body
  const { path_id } = params as Fields
  return { ...(typeof given === 'object' && !Array.isArray(given) ? given : {}), ...(path_id ? { path_id } : {}) }
}

/** One request of a signer: a repeat has the same content. */
function keyOf(request: FastifyRequest, { role, user }: Signer, mark: string): RequestKey {
  const { rand_str: _, timestamp: __, ...query } = request.query as Fields
  const content = JSON.stringify([Object.entries(query).sort(), request.body ?? null])
  const path = request.url.split('?')[0]?.replace(/\/$/, '')
  return {
    owner: `${role}:${user.id}`,
    key: `${request.method} ${path} ${mark}`,
    fingerprint: createHash('sha256').update(content).digest('hex')
  }
}

/** The signature does not cover what is asked; so one signature is one request for each path. */
async function refuseOtherContent({ store, config }: Context, { owner, key, fingerprint }: RequestKey): Promise<void> {
  const name = `signed:${owner}:${createHash('sha256').update(key).digest('hex')}`
  if (await store.setIfAbsent(name, fingerprint, config.SIGN_WINDOW_SECONDS * 2000)) return
  if ((await store.get(name)) !== fingerprint) throw new AppError(404)
}

function asReplay(cause: unknown): never {
  throw cause instanceof KeyReusedError ? new AppError(404, { cause }) : cause
}
