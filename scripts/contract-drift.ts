// Compares our rows and types with a contract of WeChat Pay's surface and prints the differences, for a person to judge:
// `npx tsx scripts/contract-drift.ts --contract <dir> [family…]`. The directory holds pay-v3.json and pay-v2.json:
// { operations: { 'METHOD /path/{name}': { path?, query?, body?, form?, answer? } }, shapes: { '@id': Type } }.
import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import ts from 'typescript'
import { WeChatPay } from '../src/pay/index.ts'
import { FAMILIES } from '../src/pay/v2/request.ts'

type Shape = string | { fields?: Record<string, Shape>; required?: string[]; list?: Shape; oneOf?: Shape[] }
interface Operation {
  readonly path?: Shape
  readonly query?: Shape
  readonly body?: Shape
  readonly form?: Shape
  readonly answer?: Shape
}
interface Contract {
  readonly operations: Readonly<Record<string, Operation>>
  readonly shapes: Readonly<Record<string, Shape>>
}
interface Row {
  readonly operation: string
  readonly address: string
  /** Names that the client sends although the caller leaves them out. */
  readonly filled: readonly string[]
}

const [, directory = ''] = /--contract[= ](\S+)/.exec(process.argv.slice(2).join(' ')) ?? []
if (directory === '') {
  console.error('contract-drift: --contract <dir> names the directory of the contract.')
  process.exit(2)
}
const only = process.argv.slice(2).filter((argument) => !argument.startsWith('--') && argument !== directory)

const root = resolve(import.meta.dirname, '..')
const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
const entries = { v3: join(root, 'src/pay/wechat-pay.ts'), v2: join(root, 'src/pay/v2/wechat-pay-v2.ts') }
const program = ts.createProgram(Object.values(entries), options)
const checker = program.getTypeChecker()

/** Fields of the envelope and of the account, which the client writes and checks. */
const OURS =
  /^(?:appid|mchid|mch_id|mch_appid|wxappid|(?:sp|sub|combine)_(?:appid|mchid|mch_id)|nonce_str|sign|sign_type|timestamp|version)$/
const ENVELOPE = /^(?:return_code|return_msg|result_code|result_msg|err_code|err_code_des|error_code|error_msg)$/

/** Differences that are none, with the reason. */
const EXPLAINED: readonly (readonly [operation: RegExp, line: RegExp, reason: string])[] = [
  [/^(?:partnerT|t)ransactions\.query$/, /^response: /, 'the contract describes queries by the fields of the order'],
  [/^bills\./, /^response: /, 'the method downloads the bill'],
  [/^media\./, /no such call/, 'a row is called after the kind of file, and sent by post'],
  [/./, /_\$n/, 'indexed fields are a list of the result'],
  [/^others\./, /no method/, 'called through request'],
  [/^bankTransfers\.create$/, /enc_/, 'the client encrypts them'],
  [/^papay\.order$/, /contract_(?:appid|mchid)/, 'filled by the client'],
  [/^redPacks\.query$/, /hblist/, 'a list of the result'],
  [/^orders\.unified$|^papay\.order$/, /^response: (?:code_url|mweb_url)/, 'there by trade_type']
]

let found = 0
found += compare('v3', rowsOfV3(), load('pay-v3.json'), classType(entries.v3, 'WeChatPay'))
found += compare('v2', rowsOfV2(), load('pay-v2.json'), classType(entries.v2, 'WeChatPayV2'))
console.log(`\ncontract-drift: ${found} differences`)

function load(file: string): Contract {
  return JSON.parse(readFileSync(join(directory, file), 'utf8')) as Contract
}

function rowsOfV3(): Row[] {
  const pair = () =>
    generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' }
    })
  const pay = new WeChatPay({
    mchId: '1900000109',
    apiV3Key: 'a'.repeat(32),
    privateKey: pair().privateKey,
    certSerial: '5157F09EFDC096DE15EBE81A47057A7232F1B8E1',
    platformKeys: { PUB_KEY_ID_0119000001092024010100000001: pair().publicKey }
  })
  return Object.entries(pay).flatMap(([family, resource]: [string, object]) => {
    const { rows = {} } = (resource?.constructor ?? {}) as { rows?: Record<string, V3Row> }
    return Object.entries(rows).flatMap(([name, { method, path = '', fill = {}, defaults = {} }]) => {
      const paths = typeof path === 'string' ? [path] : Object.values(path)
      const filled = [...Object.keys(fill), ...Object.keys(defaults)]
      return [...new Set(paths)].map((one) => ({ operation: `${family}.${name}`, address: `${method} ${one}`, filled }))
    })
  })
}

interface V3Row {
  readonly method?: string
  readonly path?: string | Readonly<Record<string, string>>
  readonly fill?: object
  readonly defaults?: object
}

function rowsOfV2(): Row[] {
  return Object.entries(FAMILIES).flatMap(([family, rows]) =>
    Object.entries(rows).map(([name, row]) => ({
      operation: `${family}.${name}`,
      address: `${row.asQuery ? 'GET' : 'POST'} ${row.path}`,
      filled: Object.keys(row.defaults ?? {})
    }))
  )
}

function classType(file: string, name: string): ts.Type {
  const source = program.getSourceFile(file)
  const symbol = source && checker.getSymbolAtLocation(source)
  const exported = symbol && checker.getExportsOfModule(symbol).find((one) => one.name === name)
  if (!exported) throw new Error(`${file} exports no ${name}`)
  return checker.getDeclaredTypeOfSymbol(exported)
}

function compare(version: string, rows: readonly Row[], contract: Contract, client: ts.Type): number {
  let count = 0
  // One row may stand for several contracts, whose names of placeholders differ.
  const shapeOf = (address: string) => address.replace(/\{[^}]*\}/g, '*')
  const known = new Map(Object.entries(contract.operations).map(([address, one]) => [shapeOf(address), one]))
  for (const { operation, address, filled } of rows) {
    if (only.length > 0 && !only.some((family) => operation.startsWith(family))) continue
    const described = known.get(shapeOf(address))
    const lines = described
      ? differences(contract, described, methodOf(client, operation), filled)
      : ['the contract has no such call']
    const open = lines.filter((line) => !EXPLAINED.some(([who, what]) => who.test(operation) && what.test(line)))
    if (open.length === 0) continue
    console.log(`\n${version} ${operation} (${address})`)
    for (const line of open) console.log(`  ${line}`)
    count += open.length
  }
  return count
}

function differences(
  contract: Contract,
  described: Operation,
  method: ts.Signature | undefined,
  filled: readonly string[]
): string[] {
  if (!method) return ['has no method']
  const [parameter] = method.getParameters()
  const params = parameter && checker.getTypeOfSymbol(parameter)
  const result = checker.getAwaitedType(method.getReturnType())
  const lines: string[] = []
  for (const part of ['path', 'query', 'body', 'form'] as const) {
    const shape = described[part]
    if (shape === undefined) continue
    const missing = untyped(contract, shape, params, '')
    for (const name of missing.filter((one) => !OURS.test(one) && !filled.includes(one))) {
      const must = isRequired(contract, shape, name) ? ', required there' : ''
      lines.push(`${part}: ${name} is not typed${must}`)
    }
  }
  if (described.answer === undefined) return lines
  const missing = untyped(contract, described.answer, result, '')
  for (const name of missing.filter((one) => !OURS.test(one) && !ENVELOPE.test(one))) {
    lines.push(`response: ${name} is not typed`)
  }
  return lines
}

/** Fields of a shape that a type does not have, by dotted names. */
function untyped(contract: Contract, shape: Shape, type: ts.Type | undefined, at: string): string[] {
  const resolved = typeof shape === 'string' && shape.startsWith('@') ? contract.shapes[shape] : shape
  if (resolved === undefined || typeof resolved === 'string') return []
  if (resolved.list !== undefined) return untyped(contract, resolved.list, type && elementOf(type), at)
  if (resolved.oneOf && !resolved.fields) return resolved.oneOf.flatMap((one) => untyped(contract, one, type, at))
  return Object.entries(resolved.fields ?? {}).flatMap(([name, inner]) => {
    const path = at === '' ? name : `${at}.${name}`
    if (type === undefined || isOpen(type)) return type === undefined ? [path] : []
    const property = propertyOf(type, name)
    return property === undefined ? [path] : untyped(contract, inner, property, path)
  })
}

function isRequired(contract: Contract, shape: Shape, name: string): boolean {
  const resolved = typeof shape === 'string' ? contract.shapes[shape] : shape
  return typeof resolved === 'object' && (resolved.required?.includes(name) ?? false)
}

function partsOf(type: ts.Type): readonly ts.Type[] {
  const plain = checker.getNonNullableType(checker.getBaseConstraintOfType(type) ?? type)
  return plain.isUnion() ? plain.types : [plain]
}

/** Takes any name: an index signature, or a value that is not looked into. */
function isOpen(type: ts.Type): boolean {
  return partsOf(type).some(
    (one) =>
      checker.getIndexTypeOfType(one, ts.IndexKind.String) !== undefined ||
      (one.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.StringLike)) !== 0
  )
}

function elementOf(type: ts.Type): ts.Type | undefined {
  const found = partsOf(type).find((one) => checker.getIndexTypeOfType(one, ts.IndexKind.Number))
  return found && checker.getIndexTypeOfType(found, ts.IndexKind.Number)
}

function propertyOf(type: ts.Type, name: string): ts.Type | undefined {
  for (const one of partsOf(type)) {
    const property = checker.getPropertyOfType(one, name)
    const found = property && checker.getTypeOfSymbol(property)
    if (found && !(checker.getNonNullableType(found).flags & ts.TypeFlags.Never)) return found
  }
  return undefined
}

function methodOf(client: ts.Type, operation: string): ts.Signature | undefined {
  let type: ts.Type | undefined = client
  for (const name of operation.split('.')) {
    const property: ts.Symbol | undefined = type && checker.getPropertyOfType(type, name)
    type = property && checker.getTypeOfSymbol(property)
  }
  return type && checker.getSignaturesOfType(type, ts.SignatureKind.Call)[0]
}
