import { ConfigError } from '../errors/index.ts'

/** Template values: names without `#`. */
export type TemplateValues = Readonly<Record<string, string | number>>

/** `%23name%23=value&…`: encoded here, and once more as a field of the form. */
export function encodeTemplateValues(operation: string, values: TemplateValues): string {
  const pairs = Object.entries(values ?? {}).map(([name, value]): [string, string] => {
    if (name.replaceAll('#', '') === '' || value === undefined || value === null || String(value) === '')
      throw invalid(operation, 'tpl_value', 'has an empty name or value')
    return [`#${name.replace(/^#(.*)#$/, '$1')}#`, String(value)]
  })
  return new URLSearchParams(pairs).toString()
}

/** The texts of `multi_send`: each encoded, joined by commas, and encoded once more as a field of the form. */
export function encodeTexts(texts: readonly string[]): string {
  return texts.map((text) => new URLSearchParams([['', text]]).toString().slice(1)).join(',')
}

/** `yyyy-MM-dd HH:mm:ss` in Beijing time, which all times of Yunpian are in. */
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
