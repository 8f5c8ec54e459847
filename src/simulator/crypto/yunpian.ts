import { createHash } from 'node:crypto'

/** `_sign` of a reply: values in the order of their names, then the key. */
export function signReply(apiKey: string, reply: Readonly<Record<string, string>>): string {
  const values = Object.keys(reply)
    .filter((name) => name !== '_sign')
    .sort()
    .map((name) => reply[name])
  return createHash('md5')
    .update([...values, apiKey].join(','))
    .digest('hex')
}

/** Decodes a value that was encoded as a form does it; `undefined` when the encoding is broken. */
export function formDecode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}
