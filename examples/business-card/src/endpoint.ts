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
  /** Whose signature counts; none where nobody signs. */
  roles(fields: Fields): readonly Role[]
  /** Throws for whom the signer may not name: 302, whether there is one or not. */
  find(context: Context, signer: Signer | undefined, fields: Fields): Promise<Parties>
}

export type Call<Parties, Input> = Parties & {
  input: Input
  /** Of the signer. */
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

export interface Endpoint {
  method: 'GET' | 'POST'
  path: string
  answer(context: Context, request: FastifyRequest): Promise<Answer>
}

/** A route: signature, replay, parties, input (fields of the query, or of the body of a POST), work, in this order. */
const endpoint =
  (method: Endpoint['method']) =>
  <Parties, Shape extends z.ZodRawShape>(
    path: string,
    who: Who<Parties>,
    input: Shape,
    handle: (call: Call<Parties, z.infer<z.ZodObject<Shape>>>, context: Context) => Promise<Answer>
  ): Endpoint => {
    const schema = z.object(input)
    const answer: Endpoint['answer'] = async (context, request) => {
      const fields = fieldsOf(request)
      const roles = who.roles(fields)
      const signer = roles.length > 0 ? await context.signatures.check(request, roles) : undefined
      const key = signer?.mark === undefined ? undefined : keyOf(request, signer, signer.mark)
      if (key) await refuseOtherContent(context, key)
      const call = {
        ...(await who.find(context, signer, fields)),
        input: read(schema, fields),
        token: signer?.token ?? '',
        address: request.ip.replace(/^::ffff:/, ''),
        request,
        kept: async <T>() => (key ? keptAnswer<T>(context.db, key).catch(asReplay) : undefined),
        once: <T>(work: (db: Database) => Promise<T>) =>
          key ? once(context.db, key, work).catch(asReplay) : context.db.transaction(work)
      }
      return handle(call, context)
    }
    return { method, path, answer }
  }
export const get = endpoint('GET')
export const post = endpoint('POST')

/** A POST is read from its body only: what is in its query says who asks. The path may name a row, too. */
export function fieldsOf({ method, query, body, params }: FastifyRequest): Fields {
  const given = method === 'GET' ? query : body
  const { path_id } = params as Fields
  return { ...(typeof given === 'object' && !Array.isArray(given) ? given : {}), ...(path_id ? { path_id } : {}) }
}

/** One request of a signer: a repeat has the same content. By the route: the same path can be written in several ways. */
function keyOf(request: FastifyRequest, { role, user }: Signer, mark: string): RequestKey {
  const { rand_str: _, timestamp: __, ...query } = request.query as Fields
  const content = JSON.stringify([Object.entries(query).sort(), request.body ?? null])
  const { path_id = '' } = request.params as Fields
  return {
    owner: `${role}:${user.id}`,
    key: `${request.method} ${request.routeOptions.url} ${path_id} ${mark}`,
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
