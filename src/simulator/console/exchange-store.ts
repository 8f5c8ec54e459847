import { signal } from '@preact/signals'
import type { ExchangeRow } from '../framework/views.ts'
import { get } from './api.ts'
import { changes } from './topics.ts'

/** Rows that the page keeps: the oldest go first. */
export const MOST_ROWS = 10_000

/** By number, the oldest first. Replaced whenever it changes. */
export const rows = signal<readonly ExchangeRow[]>([])
export const connection = signal<'connecting' | 'open' | 'lost'>('connecting')
/** What came last, in words, for those who do not see the list. */
export const newest = signal('')

/** Puts rows in their places: a call that took long comes after later ones. */
export function merge(known: readonly ExchangeRow[], more: readonly ExchangeRow[]): readonly ExchangeRow[] {
  const last = known.at(-1)?.id ?? 0
  const [first] = more
  if (!first) return known
  const isAppended = first.id > last && more.every((row, i) => i === 0 || row.id > (more[i - 1]?.id ?? 0))
  const all = isAppended
    ? [...known, ...more]
    : [...new Map([...known, ...more].map((row) => [row.id, row])).values()].sort((a, b) => a.id - b.id)
  return all.length > MOST_ROWS ? all.slice(-MOST_ROWS) : all
}

let waiting: ExchangeRow[] = []

function add(more: readonly ExchangeRow[]): void {
  if (waiting.length === 0) {
    requestAnimationFrame(() => {
      rows.value = merge(rows.value, waiting)
      const row = waiting.at(-1)
      if (row) newest.value = `${row.method} ${row.path} ${row.outcome}`
      waiting = []
    })
  }
  waiting.push(...more)
}

/** Reads what there is and listens to what comes. A lost connection comes back by itself. */
export function listen(): void {
  const source = new EventSource('/-/events')
  source.addEventListener('hello', () => {
    connection.value = 'open'
    void get<ExchangeRow[]>('exchanges').then((all) => {
      // A simulator that was started anew counts from one again.
      const isNew = (all.at(-1)?.id ?? 0) < (rows.value.at(-1)?.id ?? 0)
      rows.value = isNew ? all : merge(rows.value, all)
      changes.value++
    })
  })
  source.addEventListener('exchanges', (event) => add(JSON.parse(event.data) as ExchangeRow[]))
  source.addEventListener('changed', () => {
    changes.value++
  })
  source.addEventListener('error', () => {
    connection.value = 'lost'
  })
}
