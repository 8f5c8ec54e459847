import { type ByteHandler, type ByteResponse, isByteResponse } from '../core/byte-handler.ts'
import { report } from '../core/report.ts'
import { BodyAlreadyParsedError, BodyError } from '../errors/index.ts'
import type { Incoming } from './incoming.ts'

/** The fetch standard forbids them: `new Request` throws. */
export const NO_REQUEST_METHODS: ReadonlySet<string> = new Set(['CONNECT', 'TRACE', 'TRACK'])

/**
 * Calls a handler for an incoming request.
 *
 * @returns `undefined`, synchronously, if the request is not for the handler
 * @throws what the handler threw, unless `onError` takes it; {BodyAlreadyParsedError} ERR_BODY_ALREADY_PARSED
 */
export function callHandler(
  handle: ByteHandler,
  incoming: Incoming
): ByteResponse | Promise<ByteResponse | Response> | undefined {
  if (NO_REQUEST_METHODS.has(incoming.method)) return { status: 405, headers: {}, body: '' }
  try {
    const response = handle(incoming)
    return response instanceof Promise ? finish(response, incoming) : response
  } catch (error) {
    return fail(error, incoming)
  }
}

async function finish(
  response: Promise<ByteResponse | Response>,
  incoming: Incoming
): Promise<ByteResponse | Response> {
  try {
    const settled = await response
    if (!isResponse(settled)) throw new TypeError(explainResult(settled))
    if (!isByteResponse(settled)) checkSendable(settled)
    return settled
  } catch (error) {
    return fail(error, incoming)
  }
}

async function fail(error: unknown, { req, options }: Incoming): Promise<ByteResponse> {
  const status = statusOf(error)
  if (status !== undefined) return { status, headers: {}, body: '' }
  if (!options.onError) throw error
  await report(options.onError, error, { request: req })
  return { status: 500, headers: {}, body: '' }
}

/** For a body or an address that is the fault of the sender. */
export function statusOf(error: unknown): 400 | 413 | undefined {
  if (!(error instanceof BodyError) || error instanceof BodyAlreadyParsedError) return undefined
  return error.reason === 'too_large' ? 413 : 400
}

function explainResult(result: unknown): string {
  return typeof result === 'function'
    ? 'The handler returned a function instead of a Response: it makes a handler. Call it before wrapping it: gateway.handler().'
    : 'The handler returned no Response.'
}

/** Any control character except a tab: `Headers` accepts it, Node does not. */
const CONTROL = /[^\t\x20-\x7e\x80-\xff]/

/** Checked before anything is written, so that a mistake of the handler does not look like one of the framework. */
function checkSendable(response: Response): void {
  if (response.bodyUsed || response.body?.locked) {
    throw new TypeError(
      'The handler returned a Response whose body has already been read or sent: make a new one per request.'
    )
  }
  if (response.status < 200) throw new RangeError(`The handler returned a Response with the status ${response.status}.`)
  for (const [name, value] of response.headers) {
    if (CONTROL.test(value)) throw new TypeError(`The header "${name}" of the Response has a control character.`)
  }
}

/** By shape: the `Response` of another implementation of fetch is accepted too. */
function isResponse(value: unknown): value is ByteResponse | Response {
  return typeof value === 'object' && value !== null && 'status' in value && 'headers' in value && 'body' in value
}
