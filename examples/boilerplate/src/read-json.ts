import type { z } from 'zod'
import { AppError } from './error-codes.ts'

/** Far below the nesting (some 10,000 levels) that ends a process of Node.js 26 inside `JSON.parse`. */
const LIMIT_BYTES = 16 * 1024

/** The JSON body of a request by its schema; anything else, and any other content type, is 1001. */
export async function readJson<T>(request: Request, schema: z.ZodType<T>): Promise<T> {
  if (!/^application\/json\s*(?:;|$)/i.test(request.headers.get('content-type') ?? '')) throw new AppError(1001)
  let length = 0
  const chunks: Uint8Array[] = []
  for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.byteLength
    if (length > LIMIT_BYTES) throw new AppError(1001)
    chunks.push(chunk)
  }
  const result = schema.safeParse(parse(Buffer.concat(chunks).toString('utf8')))
  if (!result.success) throw new AppError(1001)
  return result.data
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
