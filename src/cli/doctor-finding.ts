/** Result of one check. No finding ever contains the value of a secret. */
export interface Finding {
  /** `info`: nothing to do. */
  readonly level: 'ok' | 'warning' | 'error' | 'info'
  readonly area: string
  readonly text: string
}

export type Environment = Readonly<Record<string, string | undefined>>

const MARKS = { ok: '  ok  ', warning: ' WARN ', error: 'ERROR ', info: '  --  ' } as const
const COLORS = { ok: 32, warning: 33, error: 31, info: 90 } as const

/** One line of text. */
export function formatFinding({ level, area, text }: Finding, isColored: boolean): string {
  const mark = isColored ? `\u001b[${COLORS[level]}m${MARKS[level]}\u001b[0m` : MARKS[level]
  return `${mark} ${area}: ${text}\n`
}
