import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'

export interface ApiDocument {
  text: string
  /** `METHOD /path` of every endpoint. */
  endpoints: [method: string, path: string][]
  /** Code, HTTP status and the third cell of the table of error codes. */
  errorCodes: [code: number, status: number, text: string][]
  /** Variables of `.env.example`. */
  variables: string[]
}

/** What API.md and .env.example of an app claim, so that a test can hold them to it. */
export function readApiDocument(appFolder: URL): ApiDocument {
  const text = readFileSync(new URL('API.md', appFolder), 'utf8')
  const endpoints = [...text.matchAll(/`((?:GET|POST|PUT|DELETE)(?:, (?:GET|POST))?) (\/[^`]+)`/g)].flatMap(
    ([, methods = '', path = '']) => methods.split(', ').map((method): [string, string] => [method, path])
  )
  const errorCodes = [...text.matchAll(/^\| (\d{1,5}) \| (\d{3}) \| ([^|]+?) \|/gm)].map(
    ([, code, status, cell]): [number, number, string] => [Number(code), Number(status), cell ?? '']
  )
  const example = parseEnv(readFileSync(new URL('.env.example', appFolder), 'utf8'))
  return { text, endpoints, errorCodes, variables: Object.keys(example) }
}
