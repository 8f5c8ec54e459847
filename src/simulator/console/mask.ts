import { maskHeader, maskText } from './mask-text.ts'
import { isMasked } from './settings.ts'

/** A text without secrets, unless somebody wants to see them. */
export const masked = (text: string): string => (isMasked.value ? maskText(text) : text)

/** A header without its secret. */
export const maskedHeader = (name: string, value: string): string => (isMasked.value ? maskHeader(name, value) : value)
