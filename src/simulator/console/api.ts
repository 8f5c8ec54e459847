/** What the simulator says is wrong. */
export class Refused extends Error {}

async function answerOf(response: Response): Promise<unknown> {
  const body: unknown = await response.json().catch(() => ({}))
  if (response.ok) return body
  const { error } = (body ?? {}) as { error?: unknown }
  throw new Refused(typeof error === 'string' ? error : `HTTP ${response.status}`)
}

/** Reads a topic under `/-/`. */
export async function get<T>(path: string): Promise<T> {
  return (await answerOf(await fetch(`/-/${path}`))) as T
}

/** Does something under `/-/`. */
export async function post<T>(path: string, body: unknown): Promise<T> {
  const headers = { 'content-type': 'application/json' }
  return (await answerOf(await fetch(`/-/${path}`, { method: 'POST', headers, body: JSON.stringify(body) }))) as T
}

/** Lets a person do something, with the arguments of the verb. */
export async function act<T>(userId: string, verb: string, ...args: unknown[]): Promise<T> {
  const { result } = await post<{ result: T }>(`users/${encodeURIComponent(userId)}/${verb}`, args)
  return result
}
