import { existsSync } from 'node:fs'
import { renderAsync } from '@resvg/resvg-js'
import { escapeHtml } from '../../shared/html-page.ts'

export interface PosterData {
  username: string
  position: string
  company: string
  mingpian_phone: string
}

const INK = '#16181d'
const line = (y: number, size: number, color: string, text: string, weight = 400) =>
  `<text x="375" y="${y}" font-size="${size}" font-weight="${weight}" fill="${color}" text-anchor="middle">${escapeHtml(text)}</text>`

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
export function posterSvg({ username, position, company, mingpian_phone }: PosterData, code = ''): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="750" height="1100" viewBox="0 0 750 1100" font-family="Noto Sans CJK SC">
<defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#0bbf63"/><stop offset="1" stop-color="#067a8a"/></linearGradient></defs>
<rect width="750" height="1100" fill="url(#g)"/><rect x="50" y="170" width="650" height="860" rx="36" fill="#fff"/>
<circle cx="375" cy="170" r="98" fill="#fff"/><circle cx="375" cy="170" r="86" fill="#e7f8ef"/>
${line(198, 80, '#047a3d', [...username][0] ?? '', 700)}
${line(338, 52, INK, fit(username, 22), 700)}
${line(398, 30, '#6b7280', fit(position, 38))}
${line(448, 30, '#6b7280', fit(company, 38))}
${line(506, 34, INK, fit(mingpian_phone, 30))}
<image x="195" y="546" width="360" height="360" href="${code}"/>
${line(966, 28, '#6b7280', '长按识别小程序码，收下我的名片')}
</svg>`
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
