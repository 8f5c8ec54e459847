import type { Simulator } from 'weixin-kit/simulator'

export interface Answer {
  status: number
  headers: Headers
  text: string
  /** The parsed body, `{}` when it is no JSON object. */
  body: Record<string, unknown>
}

export interface CallOptions {
  headers?: Record<string, string>
  /** A string is sent as it is, anything else as JSON. */
  body?: unknown
}

/** One request; redirects are not followed. */
export async function call(url: string, method: string, path: string, options: CallOptions = {}): Promise<Answer> {
  const { headers = {}, body } = options
  const response = await fetch(url + path, {
    method,
    redirect: 'manual',
    headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) })
  })
  const text = await response.text()
  const parsed: unknown = text.startsWith('{') ? JSON.parse(text) : {}
  return { status: response.status, headers: response.headers, text, body: parsed as Answer['body'] }
}

/** The cookies that a response sets, as the browser sends them back. */
export function cookiesOf(answer: Answer): string {
  return answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
}

/** Sends a simulated person to WeChat's consent page and back; the response is the redirect after the login. */
export async function logIn(url: string, authorizePath: string, user: ReturnType<Simulator['user']>): Promise<Answer> {
  const first = await call(url, 'GET', authorizePath)
  const back = user.authorize(first.headers.get('location') ?? '')
  return call(url, 'GET', back.pathname + back.search, { headers: { cookie: cookiesOf(first) } })
}
