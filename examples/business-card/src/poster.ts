import { existsSync, readFileSync } from 'node:fs'
import { renderAsync } from '@resvg/resvg-js'
import { escapeHtml } from '../../shared/html-page.ts'

export type PosterData = Record<'username' | 'position' | 'company' | 'mingpian_phone', string>

const TEMPLATE = readFileSync(new URL('../poster.svg', import.meta.url), 'utf8')
/** Characters for which a line has room. */
const WIDTHS = { username: 22, position: 38, company: 38, mingpian_phone: 30 } as const

/** A longer text gets an ellipsis; a character of Chinese is as wide as two others. */
function fit(text: string, width: number): string {
  const characters = [...text]
  const widthOf = (count: number) =>
    characters
      .slice(0, count)
      .join('')
      .replace(/[^ -\xff]/gu, 'xx').length
  let count = characters.length
  while (widthOf(count) > width) count--
  return count === characters.length ? text : `${characters.slice(0, count - 1).join('')}…`
}

/** What the poster shows, without its code: also what tells whether it is the same as before. */
export function posterSvg(data: PosterData, code = ''): string {
  const lines = Object.entries(WIDTHS).map(([name, width]) => [name, fit(data[name as keyof PosterData], width)])
  const texts = { ...Object.fromEntries(lines), initial: [...data.username][0] ?? '', code } as Record<string, string>
  return TEMPLATE.replace(/\{(\w+)\}/g, (_, name: string) => escapeHtml(texts[name] ?? ''))
}

export type DrawPoster = (data: PosterData, code: Uint8Array, contentType: string) => Promise<Uint8Array>

/** Draws posters as PNG. Names need a font with Chinese characters: Debian's `fonts-noto-cjk`. */
export function posterDrawer(fontFile: string, log: (line: string) => void): DrawPoster {
  const hasFont = existsSync(fontFile)
  if (!hasFont)
    log(
      `POSTER_FONT: there is no ${fontFile}; posters use what the system has (Debian: apt-get install fonts-noto-cjk)`
    )
  const font = hasFont
    ? { fontFiles: [fontFile], loadSystemFonts: false, defaultFontFamily: 'Noto Sans CJK SC' }
    : { loadSystemFonts: true }
  return async (data, code, contentType) => {
    const href = `data:${contentType};base64,${Buffer.from(code).toString('base64')}`
    // In a thread of its own: other requests go on.
    return (await renderAsync(posterSvg(data, href), { font })).asPng()
  }
}
