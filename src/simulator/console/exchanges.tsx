import { computed, signal } from '@preact/signals'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { ExchangeRow } from '../framework/views.ts'
import { MOST_ROWS, newest, rows } from './exchange-store.ts'
import { clockTime, milliseconds } from './format.ts'
import { Icon } from './icons.tsx'
import { Empty, IconButton, Tag } from './parts.tsx'
import { addressOf, open, pane, route } from './route.ts'
import { kept, t } from './settings.ts'

const ROW_HEIGHT = 62
/** Rows beyond the edges, so that a fast wheel meets no gap. */
const MARGIN = 8

const search = kept('search', '')
const service = kept('service', '')
const isOnlyBad = kept('only-bad', false)
/** The newest exchange when the list was paused. */
const pausedAt = signal<number | undefined>(undefined)

const textOf = new WeakMap<ExchangeRow, string>()
/** What a filter looks at, made once for a row. */
function haystack(row: ExchangeRow): string {
  let text = textOf.get(row)
  if (text === undefined) {
    text =
      `${row.id} ${row.method} ${row.host}${row.path} ${row.outcome} ${row.about} ${row.account ?? ''}`.toLowerCase()
    textOf.set(row, text)
  }
  return text
}

/** What the list shows, the newest first. */
const shown = computed(() => {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean)
  const until = pausedAt.value
  const fits = (row: ExchangeRow) =>
    (until === undefined || row.id <= until) &&
    (service.value === '' || row.service === service.value) &&
    (!isOnlyBad.value || row.isBad) &&
    words.every((word) => haystack(row).includes(word))
  const all = rows.value
  const found: ExchangeRow[] = []
  for (let i = all.length - 1; i >= 0; i--) {
    const row = all[i]
    if (row && fits(row)) found.push(row)
  }
  return found
})

const services = computed(() => [...new Set(rows.value.map((row) => row.service))].sort())

function Line({ row, top, isChosen }: { row: ExchangeRow; top: number; isChosen: boolean }) {
  return (
    <a
      id={`exchange-${row.id}`}
      class={`line${isChosen ? ' chosen' : ''}${row.isBad ? ' bad' : ''}`}
      style={{ transform: `translateY(${top}px)` }}
      href={addressOf('live', row.id)}
      role="option"
      aria-selected={isChosen}
      tabIndex={-1}
      onClick={() => {
        pane.value = 'detail'
      }}
    >
      <time>{clockTime(row.time)}</time>
      <span
        class={`way ${row.direction}`}
        title={
          row.direction === 'in'
            ? t('应用的调用', 'call of the application')
            : t('回调应用', 'callback to the application')
        }
      >
        <Icon name={row.direction === 'in' ? 'into' : 'outof'} />
      </span>
      <span class="what">
        <code>
          <b>{row.method}</b> {row.direction === 'out' || row.path === '/' ? row.host : ''}
          {row.path}
        </code>
        <small>
          {row.about || (row.direction === 'in' ? row.host : '')}
          {` · ${milliseconds(row.durationMs)}`}
        </small>
      </span>
      <Tag tone={row.isBad ? 'bad' : 'good'}>{row.outcome}</Tag>
    </a>
  )
}

function step(by: number): void {
  const list = shown.value
  const at = list.findIndex(({ id }) => id === route.value.exchange)
  const next = list[Math.min(list.length - 1, Math.max(0, at < 0 ? 0 : at + by))]
  if (next) open('live', next.id)
}

const KEYS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1, PageDown: 10, PageUp: -10 }

function List() {
  const frame = useRef<HTMLDivElement>(null)
  const [view, setView] = useState({ top: 0, height: 800 })
  const list = shown.value
  const chosen = route.value.exchange
  const measure = () => {
    const { scrollTop = 0, clientHeight = 800 } = frame.current ?? {}
    setView({ top: scrollTop, height: clientHeight })
  }
  useLayoutEffect(() => {
    measure()
    const observer = new ResizeObserver(measure)
    if (frame.current) observer.observe(frame.current)
    return () => observer.disconnect()
  }, [])
  // Who reads further down is not moved by what comes above.
  const firstId = useRef<number | undefined>(undefined)
  useLayoutEffect(() => {
    const element = frame.current
    const before = firstId.current
    firstId.current = list[0]?.id
    if (!element || before === undefined || element.scrollTop === 0) return
    const added = list.findIndex(({ id }) => id === before)
    if (added > 0) element.scrollTop += added * ROW_HEIGHT
  }, [list])
  useLayoutEffect(() => {
    const element = frame.current
    const at = list.findIndex(({ id }) => id === chosen)
    if (!element || at < 0) return
    const top = at * ROW_HEIGHT
    if (top < element.scrollTop) element.scrollTop = top
    else if (top + ROW_HEIGHT > element.scrollTop + element.clientHeight)
      element.scrollTop = top + ROW_HEIGHT - element.clientHeight
  }, [chosen])
  const from = Math.max(0, Math.floor(view.top / ROW_HEIGHT) - MARGIN)
  const to = Math.min(list.length, Math.ceil((view.top + view.height) / ROW_HEIGHT) + MARGIN)
  return (
    <div
      ref={frame}
      class="lines"
      role="listbox"
      aria-label={t('交互记录', 'Exchanges')}
      tabIndex={0}
      aria-activedescendant={chosen === undefined ? undefined : `exchange-${chosen}`}
      onScroll={measure}
      onKeyDown={(event) => {
        const by = KEYS[event.key]
        if (by === undefined) return
        event.preventDefault()
        step(by)
      }}
    >
      {list.length === 0 && (
        <Empty icon="live">
          {rows.value.length === 0
            ? t(
                '应用还没有调用过微信。把下面「账号」里的配置粘贴到应用，或者用手机操作一下。',
                'The application has not called WeChat yet. Paste the settings from “Accounts” into it, or let a phone do something.'
              )
            : t('没有符合筛选的记录。', 'Nothing fits the filter.')}
        </Empty>
      )}
      <div class="canvas" style={{ height: `${list.length * ROW_HEIGHT}px` }}>
        {list.slice(from, to).map((row, i) => (
          <Line key={row.id} row={row} top={(from + i) * ROW_HEIGHT} isChosen={row.id === chosen} />
        ))}
      </div>
    </div>
  )
}

export function Exchanges() {
  const isPaused = pausedAt.value !== undefined
  const waiting = isPaused ? rows.value.filter(({ id }) => id > (pausedAt.value ?? 0)).length : 0
  return (
    <div class="exchanges">
      <div class="filter">
        <input
          type="search"
          value={search.value}
          onInput={(event) => {
            search.value = event.currentTarget.value
          }}
          placeholder={t('筛选：路径、单号、openid…', 'Filter: path, number, openid…')}
          aria-label={t('筛选', 'Filter')}
        />
        <select
          value={service.value}
          onChange={(event) => {
            service.value = event.currentTarget.value
          }}
          aria-label={t('服务', 'Service')}
        >
          <option value="">{t('全部服务', 'All services')}</option>
          {services.value.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
        <label class="toggle">
          <input
            type="checkbox"
            checked={isOnlyBad.value}
            onChange={(event) => {
              isOnlyBad.value = event.currentTarget.checked
            }}
          />
          {t('只看被拒', 'Refused only')}
        </label>
        <IconButton
          icon={isPaused ? 'play' : 'pause'}
          label={isPaused ? t('继续', 'Resume') : t('暂停', 'Pause')}
          pressed={isPaused}
          onClick={() => {
            pausedAt.value = isPaused ? undefined : (rows.value.at(-1)?.id ?? 0)
          }}
        />
      </div>
      <List />
      <p class="foot" role="status">
        {waiting > 0
          ? t(`已暂停，新增 ${waiting} 条`, `Paused, ${waiting} new`)
          : t(`${shown.value.length} 条（最多保留 ${MOST_ROWS}）`, `${shown.value.length} (${MOST_ROWS} are kept)`)}
        <span class="unseen">{newest.value}</span>
      </p>
    </div>
  )
}
