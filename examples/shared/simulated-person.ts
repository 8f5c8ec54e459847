import { z } from 'zod'

/** Who can be played on a page. */
export const PEOPLE = [
  { id: 'ming', nickname: '小明' },
  { id: 'hong', nickname: '小红' }
]
export const who = z.enum(PEOPLE.map(({ id }) => id))

/**
 * Does what a person does in WeChat (`login`, `encryptedPhone`, `subscribe` …) on the control address of a simulator, and answers
 * what came of it. For pages that stand in for a phone.
 */
export async function actAs(controlUrl: string, who: string, verb: string, args: unknown[] = []): Promise<unknown> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${controlUrl}-/users/${who}/${verb}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(args)
  })
  const answer = (await response.json()) as { result?: unknown }
  if (!response.ok) throw new Error(`The simulator refuses ${verb}: ${JSON.stringify(answer).slice(0, 200)}`)
  return answer.result
}
