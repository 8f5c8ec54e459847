import { readFile } from 'node:fs/promises'
import { UsageError } from './command.ts'

/** Input of `sign` and `cert` besides their arguments; tests provide their own. */
export interface CliInput {
  /** Returns the bytes of a file, or of the standard input if no file is given. */
  read(file: string | undefined): Promise<Buffer>
  env(): Readonly<Record<string, string | undefined>>
}

/** More than any key file or message; a wrong file name must not fill the memory. */
const MAX_BYTES = 1024 * 1024

/** The real files, standard input and environment. */
export const processInput: CliInput = {
  async read(file) {
    if (file === undefined && process.stdin.isTTY) {
      throw new UsageError('The standard input is empty: name a file, or redirect one with "<".')
    }
    try {
      return file === undefined ? await readStandardInput() : await readFile(file)
    } catch (error) {
      if (error instanceof UsageError) throw error
      const { code } = error as { code?: string }
      throw new UsageError(`${file ?? 'The standard input'} cannot be read (${code ?? 'unknown reason'}).`)
    }
  },
  env: () => process.env
}

async function readStandardInput(): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of process.stdin) {
    length += (chunk as Buffer).length
    if (length > MAX_BYTES) throw new UsageError(`The standard input has more than ${MAX_BYTES} bytes.`)
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks)
}
