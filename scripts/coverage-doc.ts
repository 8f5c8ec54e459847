// Writes docs/coverage.md, the list of all typed calls, from the rows in the source; `--check` fails when it is stale.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

const root = join(import.meta.dirname, '..')

interface Product {
  title: string
  folders: readonly string[]
  except?: string
  address: RegExp
  /** Of rows that do not say it. */
  verb?: string
}

interface Row {
  name: string
  verb: string
  path: string
}

const PRODUCTS: readonly Product[] = [
  {
    title: 'Official Account (公众号)',
    folders: ['mp'],
    address: /^\/(cgi-bin|sns|wxa|customservice|datacube)\//,
    verb: 'POST'
  },
  {
    title: 'Mini Program (小程序)',
    folders: ['miniapp'],
    address: /^\/(cgi-bin|sns|wxa|wxaapi|xpay|datacube)\//,
    verb: 'POST'
  },
  { title: 'Both kinds of account', folders: ['wechat-api'], address: /^\/(cgi-bin|wxa|wxaapi|sns)\// },
  { title: 'WeChat Pay, API v3 (微信支付 v3)', folders: ['pay'], except: 'pay/v2', address: /^\/v3\// },
  {
    title: 'WeChat Pay, API v2 (微信支付 v2)',
    folders: ['pay/v2'],
    address: /^\/(pay|secapi|mmpaymkttransfers|mmpaysptrans|tools|risk|papay|xdc|fund|secsvc)\//,
    verb: 'POST'
  },
  { title: 'Yunpian (云片)', folders: ['yunpian'], address: /^\/v\d\/.*\.json$/, verb: 'POST' },
  { title: 'Geetest (极验)', folders: ['geetest'], address: /\.php$/ }
]

/** Addresses that the documents of a typed service name and that have no method, with the reason. */
const NOT_TYPED: readonly (readonly [address: string, reason: string])[] = [
  ['/cgi-bin/draft/switch', 'retired: every account has the draft box; asking alone has switched it on'],
  ['/wxa/sec/order/setwxatradetypecgi', 'one application in the life of an account, made in the console'],
  ['/wxa/sec/famousbrand/apply', 'one application in the life of an account, made in the console'],
  [
    '/xpay/*advertising funds*',
    'advertising money (广告金) is a matter of the console; `mini.request` reaches it, unsigned calls excepted'
  ],
  ['/xpay/*subscriptions*', 'the fields of its events are not published'],
  [
    '/cgi-bin/wxa/business/getuserencryptkey in API security mode',
    'a GET call: how it would be encrypted is not documented'
  ]
]

const page = [
  '# Typed calls',
  '',
  'Every endpoint that has a typed method, by product and file. Call all others with `client.request(…)`, which authorizes, signs and',
  'verifies like every other call. Generated from the source by `npm run docs:coverage`.',
  '',
  ...(await Promise.all(PRODUCTS.map(section))).flat(),
  '## Documented but not typed',
  '',
  '| endpoint | why |',
  '|---|---|',
  ...NOT_TYPED.map(([address, reason]) => `| \`${address}\` | ${reason} |`),
  ''
].join('\n')

const target = join(root, 'docs/coverage.md')
if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== page) {
    console.error('docs/coverage.md is stale: npm run docs:coverage')
    process.exitCode = 1
  }
} else writeFileSync(target, page)

async function section({ title, folders, except, address, verb = '' }: Product): Promise<string[]> {
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, 'src', folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !/error-code|errcodes/.test(file))
      .map((file) => `${folder}/${file}`)
      .filter((file) => except === undefined || !file.startsWith(`${except}/`))
  )
  const groups: { file: string; rows: Row[] }[] = []
  for (const file of files.sort()) {
    const rows = await rowsOf(file)
    for (const row of addressesIn(file, address)) if (!rows.some(({ path }) => path === row.path)) rows.push(row)
    if (rows.length > 0) groups.push({ file, rows })
  }
  const count = groups.reduce((sum, { rows }) => sum + rows.length, 0)
  return [
    `## ${title}: ${count}`,
    '',
    ...groups.flatMap(({ file, rows }) => [
      `[src/${file}](../src/${file})`,
      '',
      '| method | call |',
      '|---|---|',
      ...rows.map((row) => `| \`${row.name}\` | \`${`${row.verb || verb} ${row.path}`.trim()}\` |`),
      ''
    ])
  ]
}

/** Rows of the classes of a file that are made of a table: their addresses may be put together. */
async function rowsOf(file: string): Promise<Row[]> {
  if (!file.startsWith('pay/') || file.startsWith('pay/v2/')) return []
  type Tables = Record<string, { rows?: Record<string, { path: unknown; method?: string; operation?: string }> }>
  const module = (await import(join(root, 'src', file))) as Tables
  return Object.entries(module).flatMap(([owner, { rows } = {}]) =>
    Object.entries(rows ?? {}).flatMap(([row, { path, method: verb = 'POST', operation }]) => {
      const paths = typeof path === 'string' ? [path] : new Set(Object.values(path as Record<string, string>))
      return [...paths].map((one) => ({ name: operation ?? `${lowerFirst(owner)}.${row}`, verb, path: one }))
    })
  )
}

/** Text of a call that is an address, with the name of its row. */
function addressesIn(file: string, address: RegExp): Row[] {
  const source = ts.createSourceFile(file, readFileSync(join(root, 'src', file), 'utf8'), ts.ScriptTarget.ES2022, true)
  const found: Row[] = []
  const visit = (node: ts.Node): void => {
    const path = textOf(node)
    if (path !== undefined && address.test(path) && isRow(node))
      found.push({ name: nameOf(node), verb: verbOf(node), path })
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

/** The text of a literal; what a template fills in stands as `{name}`. */
function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text
  if (!ts.isTemplateExpression(node)) return undefined
  const spans = node.templateSpans.map((span) => `{${span.expression.getText()}}${span.literal.text}`)
  return `${node.head.text}${spans.join('')}`
}

/** An argument of a call, or the value of `path`. */
function isRow(node: ts.Node): boolean {
  const { parent } = node
  return ts.isCallExpression(parent) || (ts.isPropertyAssignment(parent) && parent.name.getText() === 'path')
}

/** By the name of `get(…)` and `post(…)`, or the value of `method`; a page is opened with GET. */
function verbOf({ parent }: ts.Node): string {
  if (ts.isCallExpression(parent)) {
    const callee = parent.expression.getText()
    return /\bpageUrl$/.test(callee) ? 'GET' : (/^(?:get|post)$/.exec(callee)?.[0].toUpperCase() ?? '')
  }
  return siblingOf(parent, 'method') ?? ''
}

/** The text of another property of the same object. */
function siblingOf(property: ts.Node, name: string): string | undefined {
  if (!ts.isObjectLiteralExpression(property.parent)) return undefined
  const found = property.parent.properties.find((one) => one.name?.getText() === name)
  return found && ts.isPropertyAssignment(found) ? textOf(found.initializer) : undefined
}

/** `users.info` where the row says so, else the property, the constant or the method that holds it. */
function nameOf(node: ts.Node): string {
  const { parent } = node
  if (ts.isCallExpression(parent)) {
    const [first] = parent.arguments
    if (first && ts.isStringLiteral(first) && /^\w+\.\w+/.test(first.text)) return first.text
  }
  const operation = siblingOf(parent, 'operation')
  if (operation !== undefined) return operation
  for (let at: ts.Node = parent; !ts.isSourceFile(at); at = at.parent) {
    if (ts.isPropertyAssignment(at) && at.name.getText() !== 'path') return at.name.getText()
    if (ts.isVariableDeclaration(at)) return at.name.getText()
    if (ts.isMethodDeclaration(at) && ts.isClassDeclaration(at.parent))
      return `${lowerFirst(at.parent.name?.text ?? '')}.${at.name.getText()}`
  }
  return ''
}

function lowerFirst(name: string): string {
  return `${name[0]?.toLowerCase()}${name.slice(1)}`
}
