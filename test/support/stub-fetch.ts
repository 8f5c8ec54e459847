import type { FetchLike } from 'weixin-kit'

export interface SeenRequest {
  method: string
  url: URL
  headers: Headers
  body: string
}

/** A `fetch` that records what it was given and answers with what `answer` returns. */
export function stubFetch(
  answer: (request: SeenRequest, index: number) => Response | Promise<Response>
): FetchLike & { seen: SeenRequest[] } {
  const seen: SeenRequest[] = []
  const fetch: FetchLike = async (input, init) => {
    const request = new Request(input, init)
    const entry = {
      method: request.method,
      url: new URL(request.url),
      headers: request.headers,
      body: await request.text()
    }
    seen.push(entry)
    return answer(entry, seen.length - 1)
  }
  return Object.assign(fetch, { seen })
}

/** A JSON response. */
export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } })
}
