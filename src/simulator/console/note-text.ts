import { inChinese } from './notes-zh.ts'
import { t } from './settings.ts'

/** What the simulator says of a check or a callback, in the language of the page. */
export const noteText = (text: string): string => t(inChinese(text), text)
