// Says what is missing in the documentation of the public surface, as the compiler sees it from the entry points:
// `npm run docs:surface -- src/pay` lists one area, `-- --check` fails if there is any.
import { relative, resolve } from 'node:path'
import ts from 'typescript'
import { ENTRY_POINTS } from './support/entry-points.ts'

const root = resolve(import.meta.dirname, '..')
const isCheck = process.argv.includes('--check')
const only = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))

const { config } = ts.readConfigFile(resolve(root, 'tsconfig.json'), ts.sys.readFile)
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
const program = ts.createProgram(
  Object.values(ENTRY_POINTS).map((source) => resolve(root, source)),
  options
)
const checker = program.getTypeChecker()

const AMOUNT =
  /(?:^|_)(?:amount|fee|price|cash|balance|discount|refund)$|_(?:amount|fee|price)_|^(?:payer|settlement)_total$/
const AMOUNT_UNIT = /\bfen\b|\byuan\b|分|元/i
const TIME =
  /(?:^|_)(?:time|timestamp|ttl|timeout|duration)$|_(?:time|at)$|^expires?_in$|^expire_seconds$|^(?:time|date)_|(?:Timestamp|Time|Ttl|Timeout|ExpiresAt|ExpiresIn)$/
const TIME_UNIT =
  /second|\bms\b|millisecond|minute|hour|\bdays?\b|RFC ?3339|ISO ?8601|yyyy|YYYY|HH|Date\b|format|Beijing|epoch/i
const UNIT_IN_NAME = /(?:Ms|Seconds|Days|Minutes|_seconds|_days)$/
/** Objects whose fields are documented stand for themselves; a bare value needs a word. */
const BARE = ts.TypeFlags.StringLike | ts.TypeFlags.NumberLike | ts.TypeFlags.Unknown

const gaps = new Map<string, string>()
const seen = new Set<ts.Symbol>()

for (const source of Object.values(ENTRY_POINTS)) {
  const file = program.getSourceFile(resolve(root, source))
  const module = file && checker.getSymbolAtLocation(file)
  if (!module) throw new Error(`${source} exports nothing`)
  for (const exported of checker.getExportsOfModule(module)) checkExport(exported)
}
report()

function checkExport(exported: ts.Symbol): void {
  const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
  const declaration = symbol.declarations?.[0]
  if (seen.has(symbol) || !declaration || !isOurs(declaration)) return
  seen.add(symbol)
  // A name that is exported under another one keeps its docstring.
  if (!textOf(symbol) && !textOf(exported)) gap(declaration, symbol.name, 'no summary')
  if (symbol.flags & ts.SymbolFlags.Function) checkFunction(symbol, symbol.name)
  if (symbol.flags & ts.SymbolFlags.Class) checkClass(symbol)
  if (symbol.flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias))
    checkMembers(checker.getDeclaredTypeOfSymbol(symbol), symbol.name)
}

function checkClass(symbol: ts.Symbol): void {
  const construct = checker.getTypeOfSymbol(symbol).getConstructSignatures()[0]
  const made = construct?.getReturnType() ?? checker.getDeclaredTypeOfSymbol(symbol)
  checkMembers(made, symbol.name)
}

function checkMembers(type: ts.Type, owner: string): void {
  for (const member of type.getProperties()) {
    const declaration = member.declarations?.[0]
    if (!declaration || !isOurs(declaration) || isHidden(declaration, member)) continue
    const name = `${owner}.${member.name}`
    const memberType = checker.getNonNullableType(checker.getTypeOfSymbol(member))
    const isMethod = memberType.getCallSignatures().length > 0
    if (isMethod && isCallable(declaration)) checkFunction(member, name)
    else checkUnit(member, memberType, declaration, name)
    // A resource of a client, such as `pay.refunds`, is public through its field.
    if (!isMethod && ts.isPropertyDeclaration(declaration)) checkResource(member, memberType, name)
  }
}

function checkResource(member: ts.Symbol, type: ts.Type, name: string): void {
  const declaration = member.declarations?.[0]
  if (!declaration) return
  if (!textOf(member) && !isInherited(declaration, name)) gap(declaration, name, 'no summary')
  const resource = type.symbol
  const origin = resource?.declarations?.[0]
  if (!resource || !origin || !isOurs(origin) || seen.has(resource)) return
  if (
    resource.flags & ts.SymbolFlags.Class ||
    type.getProperties().some((each) => checker.getTypeOfSymbol(each).getCallSignatures().length > 0)
  ) {
    if (resource.flags & ts.SymbolFlags.Class) seen.add(resource)
    checkMembers(type, resource.flags & ts.SymbolFlags.Class ? resource.name : name)
  }
}

function checkFunction(symbol: ts.Symbol, name: string): void {
  const declaration = symbol.declarations?.[0]
  const type = checker.getNonNullableType(checker.getTypeOfSymbol(symbol))
  const signature = type.getCallSignatures()[0]
  if (!declaration || !signature || seen.has(symbol)) return
  seen.add(symbol)
  if (!textOf(symbol)) {
    gap(declaration, name, 'no summary')
    return
  }
  const tags = symbol.getJsDocTags(checker)
  const documented = tags.filter((tag) => tag.name === 'param').map((tag) => ts.displayPartsToString(tag.text))
  for (const parameter of signature.getParameters()) {
    const own = parameter.declarations?.[0]
    // The fields of an object say what it is.
    if (isDocumentedObject(checker.getNonNullableType(checker.getTypeOfSymbol(parameter)))) continue
    const text = documented.find((each) => each.split(/\s/)[0] === parameter.name)
    const isNamed = own && ts.isParameter(own) && ts.isIdentifier(own.name)
    if (isNamed && text === undefined) gap(declaration, name, `no @param ${parameter.name}`)
  }
  const returned = signature.getReturnType()
  const awaited = checker.getAwaitedType(returned) ?? returned
  const isAsync = awaited !== returned
  if (isAsync && !tags.some((tag) => tag.name === 'throws')) gap(declaration, name, 'no @throws')
  if (awaited.flags & BARE && !tags.some((tag) => /^returns?$/.test(tag.name))) gap(declaration, name, 'no @returns')
}

function checkUnit(member: ts.Symbol, type: ts.Type, declaration: ts.Node, name: string): void {
  const text = `${textOf(member)} ${member
    .getJsDocTags(checker)
    .map((tag) => ts.displayPartsToString(tag.text))
    .join(' ')}`
  const isNumber = consistsOf(type, ts.TypeFlags.NumberLike)
  const isText = consistsOf(type, ts.TypeFlags.StringLike | ts.TypeFlags.NumberLike)
  if (isNumber && AMOUNT.test(member.name) && !AMOUNT_UNIT.test(text))
    gap(declaration, name, 'amount without its unit (fen)')
  if (isText && TIME.test(member.name) && !UNIT_IN_NAME.test(member.name) && !TIME_UNIT.test(text))
    gap(declaration, name, isNumber ? 'time without its unit' : 'time without its format')
}

/** Whether all parts of a union, but for `undefined` and `null`, are of these kinds. */
function consistsOf(type: ts.Type, flags: ts.TypeFlags): boolean {
  const parts = type.isUnion() ? type.types : [type]
  return parts.length > 0 && parts.every((part) => (part.flags & flags) !== 0)
}

/** A callback is an option with a value, not a method. */
function isCallable(declaration: ts.Node): boolean {
  if (ts.isPropertySignature(declaration) || ts.isParameter(declaration)) return false
  const owner = declaration.parent
  return !(ts.isMethodSignature(declaration) && ts.isInterfaceDeclaration(owner) && /Options$/.test(owner.name.text))
}

function isDocumentedObject(type: ts.Type): boolean {
  if (type.isUnionOrIntersection()) return type.types.some(isDocumentedObject)
  const declaration = (type.aliasSymbol ?? type.symbol)?.declarations?.[0]
  return (type.flags & ts.TypeFlags.Object) !== 0 && declaration !== undefined && isOurs(declaration)
}

function isInherited(declaration: ts.Node, name: string): boolean {
  const owner = declaration.parent
  return ts.isClassLike(owner) && owner.name?.text !== name.split('.')[0]
}

function isHidden(declaration: ts.Node, member: ts.Symbol): boolean {
  const flags = ts.getCombinedModifierFlags(declaration as ts.Declaration)
  const isPrivate = (flags & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) !== 0
  return (
    isPrivate ||
    member.name.startsWith('#') ||
    member.name.startsWith('__') ||
    member.getJsDocTags(checker).some((tag) => tag.name === 'internal')
  )
}

function isOurs(declaration: ts.Node): boolean {
  return declaration.getSourceFile().fileName.startsWith(resolve(root, 'src'))
}

function textOf(symbol: ts.Symbol): string {
  return ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim()
}

function gap(declaration: ts.Node, name: string, what: string): void {
  const file = declaration.getSourceFile()
  const { line } = file.getLineAndCharacterOfPosition(declaration.getStart())
  const place = `${relative(root, file.fileName)}:${line + 1}`
  gaps.set(`${place} ${name}: ${what}`, place)
}

function report(): void {
  const lines = [...gaps].filter(([, place]) => only.length === 0 || only.some((area) => place.startsWith(area)))
  for (const [line] of lines) console.log(line)
  const areas = new Map<string, number>()
  for (const [, place] of lines) {
    const area = place
      .split('/')
      .slice(0, place.startsWith('src/pay/v2/') ? 3 : 2)
      .join('/')
    areas.set(area, (areas.get(area) ?? 0) + 1)
  }
  for (const [area, count] of areas) console.log(`${String(count).padStart(5)}  ${area}`)
  console.log(`docs:surface: ${lines.length} gaps in ${seen.size} exports and methods`)
  if (isCheck && lines.length > 0) process.exitCode = 1
}
