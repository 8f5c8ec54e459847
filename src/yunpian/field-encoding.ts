import { ConfigError } from '../errors/index.ts'

/** Template values: names without `#`. */
export type TemplateValues = Readonly<Record<string, string | number>>

/** `%23name%23=value&…`: encoded here, and again as a form field. */
export function encodeTemplateValues(operation: string, values: TemplateValues): string {
  const pairs = Object.entries(values ?? {}).map(([name, value]): [string, string] => {
    if (name.replaceAll('#', '') === '' || value === undefined || value === null || String(value) === '')
      throw invalid(operation, 'tpl_value', 'has an empty name or value')
    return [`#${name.replace(/^#(.*)#$/, '$1')}#`, String(value)]
  })
  return new URLSearchParams(pairs).toString()
}

/** The texts of `multi_send`: each encoded, joined by commas, and encoded again as a form field. */
export function encodeTexts(texts: readonly string[]): string {
  return texts.map((text) => new URLSearchParams([['', text]]).toString().slice(1)).join(',')
}

/** `yyyy-MM-dd HH:mm:ss` in Beijing time, which Yunpian uses for all times. */
export function beijingTime(time: Date | string): string {
  if (typeof time === 'string') return time
  return new Date(time.getTime() + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')
}

export function invalid(operation: string, option: string, fault: string): ConfigError {
  return new ConfigError(`${operation}: option "${option}" ${fault}.`, {
    code: 'ERR_INVALID_PARAM',
    option,
    product: 'yunpian'
  })
}
