/** The visible characters of a text: not spaces, control characters or lone surrogates. */
const VISIBLE = /[^\s\p{Cc}\p{Cs}\ufffe\uffff]/u

/** Whether a text has any visible character. */
export const hasContent = (text: string): boolean => VISIBLE.test(text)
