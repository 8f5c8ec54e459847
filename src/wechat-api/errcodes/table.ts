import { CORE } from './core.ts'
import { CLASSES, type ErrcodeInfo } from './errcode-info.ts'
import { INVALID_VALUE } from './invalid-value.ts'
import { MISSING_OR_REFUSED } from './missing-or-refused.ts'
import { NEWER_SERVICES } from './newer-services.ts'
import { OUTSIDE_SCOPE } from './outside-scope.ts'
import { PERMISSION_AND_PLATFORM } from './permission-and-platform.ts'
import { SIZE_AND_RATE } from './size-and-rate.ts'

interface Table {
  single: Map<number, ErrcodeInfo>
  ranges: { from: number; to: number; info: ErrcodeInfo }[]
}

let table: Table | undefined

/** The entry of an errcode, if it is listed. The table is built on the first error. */
export function findErrcode(errcode: number): ErrcodeInfo | undefined {
  table ??= buildTable()
  return (
    table.single.get(errcode) ??
    table.ranges.find(({ from, to }) => Number.isInteger(errcode) && errcode >= from && errcode <= to)?.info
  )
}

function buildTable(): Table {
  const built: Table = { single: new Map(), ranges: [] }
  for (const text of [
    CORE,
    INVALID_VALUE,
    MISSING_OR_REFUSED,
    SIZE_AND_RATE,
    PERMISSION_AND_PLATFORM,
    OUTSIDE_SCOPE,
    NEWER_SERVICES
  ]) {
    for (const line of text.split('\n')) if (line !== '') addLine(built, line)
  }
  return built
}

function addLine(built: Table, line: string): void {
  const [head = '', en = '', zh = ''] = line.split('|')
  const [codes = '', letter = ''] = head.split(' ')
  const info = { kind: 'unknown' as const, retryable: false, ...CLASSES[letter], hint: { en, zh } }
  for (const item of codes.split(',')) {
    const [, from, to] = /^(-?\d+)(?:-(\d+))?$/.exec(item) ?? []
    if (to === undefined) built.single.set(Number(from), info)
    else built.ranges.push({ from: Number(from), to: Number(to), info })
  }
}
