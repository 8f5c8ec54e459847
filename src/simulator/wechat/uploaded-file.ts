import type { Exchange } from '../framework/exchange.ts'
import { Refusal } from './errcodes.ts'

/** The file of a multipart body, found by its part name. */
export async function uploadedFile(exchange: Exchange): Promise<{ bytes: Buffer; filename: string; form: FormData }> {
  const form = await exchange.formData()
  const part = form?.get('media')
  if (!form || !part || typeof part === 'string') throw new Refusal(41005)
  const bytes = Buffer.from(await part.arrayBuffer())
  if (bytes.length === 0) throw new Refusal(44001)
  // Without a file name the platform does not take the part for a file.
  if (part.name === '' || part.name === 'blob') throw new Refusal(41005)
  return { bytes, filename: part.name, form }
}
