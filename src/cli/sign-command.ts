import { parseArgs } from 'node:util'
import { parseJson } from '../internal/json/index.ts'
import { explainSign, type SignExplanation } from '../pay/v2/index.ts'
import { type CliIo, type Command, UsageError } from './command.ts'
import { type CliInput, processInput } from './input.ts'

const KEY = 'WEIXIN_PAY_API_KEY'

const USAGE = `Usage: weixin-kit sign [file] [options] < message

  Explains the signature of a WeChat Pay v2 message (签名错误): the text that is hashed, with the key masked,
  the signature of each type, and, if a sign is among the parameters, which mistake leads to it.
  The message is XML, or a JSON object of the parameters. The key is read from ${KEY}.

  --json   Print the result as JSON
  --zh     中文说明`

/** `weixin-kit sign`. Exit code 1 if the message has a wrong sign. */
export function createSignCommand(input: CliInput = processInput): Command {
  return {
    summary: 'Explain a WeChat Pay v2 signature, and find what is wrong with it (签名错误)',
    usage: USAGE,
    async run(args, io) {
      const { values, positionals } = parseArgs({
        args: [...args],
        allowPositionals: true,
        options: { json: { type: 'boolean' }, zh: { type: 'boolean' } }
      })
      if (positionals.length > 1) throw new UsageError('One message at a time.')
      const apiKey = input.env()[KEY]
      if (!apiKey)
        throw new UsageError(
          `Set ${KEY} to the API v2 key. It is not accepted on the command line, which others can see.`
        )
      const explanation = explainSign(readMessage(await input.read(positionals[0])), { apiKey })
      if (values.json) io.out(`${JSON.stringify(explanation, null, 2)}\n`)
      else print(explanation, io, values.zh ? 'zh' : 'en')
      return explanation.given !== undefined && explanation.matches === undefined ? 1 : 0
    }
  }
}

function readMessage(bytes: Buffer): string | Record<string, unknown> {
  const text = bytes
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trim()
  if (text.startsWith('<')) return text
  const value = parseJson(text)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new UsageError('The message must be XML, or a JSON object of the parameters.')
}

function print(
  { text, signatures, given, matches, ignored, causes }: SignExplanation,
  io: CliIo,
  language: 'en' | 'zh'
) {
  const lines = [
    `text         ${text}`,
    `MD5          ${signatures.MD5}`,
    `HMAC-SHA256  ${signatures['HMAC-SHA256']}`,
    ...(ignored.length > 0 ? [`left out     ${ignored.join(', ')}`] : []),
    ...(given === undefined ? [] : [`given        ${given}`, `right for    ${matches ?? '-'}`])
  ]
  const reasons = given === undefined ? [] : causes.map((cause) => `${cause.isCertain ? '!' : '?'} ${cause[language]}`)
  io.out(`${[...lines, ...(reasons.length > 0 ? ['', ...reasons] : [])].join('\n')}\n`)
}

/** `weixin-kit sign` */
export const signCommand: Command = createSignCommand()
