import { RawHeaders } from './raw-headers.ts'

/** A response of which the text is known: neither stream nor headers are made for it, unless somebody reads them. */
export interface TextResponse extends Response {
  readonly content: string
  readonly head: RawHeaders
  readonly code: number
}

const whole = ({ content, headers, status }: TextResponse) => new Response(content, { headers, status })
const reads = (name: 'text' | 'json' | 'arrayBuffer' | 'blob' | 'formData' | 'clone') => ({
  value(this: TextResponse) {
    return whole(this)[name]()
  }
})

// The getters of `Response` need what only its constructor makes, which costs as much as the rest of a call.
const PROTOTYPE: object = Object.create(Response.prototype, {
  status: {
    get(this: TextResponse) {
      return this.code
    }
  },
  statusText: { value: '' },
  ok: {
    get(this: TextResponse) {
      return this.code < 300
    }
  },
  type: { value: 'default' },
  url: { value: '' },
  redirected: { value: false },
  bodyUsed: { value: false },
  headers: {
    get(this: TextResponse) {
      return this.head.headers
    }
  },
  body: {
    get(this: TextResponse) {
      return whole(this).body
    }
  },
  text: reads('text'),
  json: reads('json'),
  arrayBuffer: reads('arrayBuffer'),
  blob: reads('blob'),
  formData: reads('formData'),
  clone: reads('clone')
})

/**
 * @internal
 * @param head Names and values in turn.
 * @param code Status from 200 to 599 that may have a body.
 */
export function textResponse(content: string, head: readonly string[], code = 200): TextResponse {
  return Object.assign(Object.create(PROTOTYPE), { content, head: new RawHeaders(head), code })
}

/** @internal */
export const isTextResponse = (response: Response): response is TextResponse =>
  Object.getPrototypeOf(response) === PROTOTYPE
