import { language, t } from './settings.ts'

export const yuan = (fen: number): string => `¥${(fen / 100).toFixed(2)}`

const two = (value: number): string => String(value).padStart(2, '0')

/** `22:14:09` */
export function clockTime(ms: number): string {
  const date = new Date(ms)
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}

/** `11-29 22:14` */
export function dayTime(ms: number): string {
  const date = new Date(ms)
  return `${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`
}

const UNITS: readonly (readonly [number, string, string])[] = [
  [86_400_000, '天', 'd'],
  [3_600_000, '小时', 'h'],
  [60_000, '分', 'min'],
  [1_000, '秒', 's']
]

/** `1 小时 20 分`, `15 s`: at most two units. */
export function span(ms: number): string {
  let rest = Math.max(0, Math.round(ms / 1000) * 1000)
  const parts: string[] = []
  for (const [size, zh, en] of UNITS) {
    const count = Math.floor(rest / size)
    if (count === 0) continue
    rest -= count * size
    parts.push(`${count} ${t(zh, en)}`)
    if (parts.length === 2) break
  }
  return parts.join(' ') || `0 ${t('秒', 's')}`
}

export const milliseconds = (ms: number): string =>
  ms < 1000 ? `${ms} ${t('毫秒', 'ms')}` : `${(ms / 1000).toFixed(1)} ${t('秒', 's')}`

export function bytes(size: number): string {
  if (size < 1024) return `${size} B`
  return size < 1_048_576 ? `${(size / 1024).toFixed(1)} KB` : `${(size / 1_048_576).toFixed(1)} MB`
}

/** Indents JSON and XML; anything else stays as it is. */
export function pretty(body: string): string {
  const text = body.trim()
  if (text.startsWith('{') || text.startsWith('[')) {
    try {
      return JSON.stringify(JSON.parse(text), null, 2)
    } catch {
      return body
    }
  }
  if (!/^<(?:\?xml|xml|root)/.test(text)) return body
  let depth = 0
  const parts = text.replace(/(?<!\]\])>\s*<(?!!\[CDATA)/g, '>\n<').split('\n')
  return parts
    .map((line) => {
      const isEnd = /^<\//.test(line)
      if (isEnd) depth = Math.max(0, depth - 1)
      const shown = `${'  '.repeat(depth)}${line}`
      const isStart = /^<[^?!/][^>]*[^/]>$/.test(line) && !line.includes('</') && !line.includes(']]>')
      if (isStart) depth++
      return shown
    })
    .join('\n')
}

export const languageTag = (): string => (language.value === 'zh' ? 'zh-CN' : 'en')
