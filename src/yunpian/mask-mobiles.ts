const IN_TEXT = /\+\d{7,15}|(?<!\d)(?:(?:00)?86)?1[3-9]\d{9}(?!\d)/g

/** Masks phone numbers in free text, e.g. an upstream message. */
export function maskMobiles(text: string): string {
  return text.replace(IN_TEXT, '[redacted]')
}
