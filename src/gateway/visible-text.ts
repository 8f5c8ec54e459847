/** What can be seen of a text: neither spaces, control characters nor halves of characters are. */
const VISIBLE = /[^\s\p{Cc}\p{Cs}\ufffe\uffff]/u

/** Whether anything of a text is left for a person to see. */
export const hasContent = (text: string): boolean => VISIBLE.test(text)
