/** First bytes of the files that WeChat stores, `.` for any byte. */
const SIGNATURES: readonly (readonly [extension: string, start: RegExp])[] = [
  ['.jpg', /^\xff\xd8\xff/],
  ['.png', /^\x89PNG/],
  ['.gif', /^GIF8/],
  ['.webp', /^RIFF....WEBP/s],
  ['.wav', /^RIFF....WAVE/s],
  ['.amr', /^#!AMR/],
  ['.mp4', /^....ftyp/s],
  ['.mp3', /^(?:ID3|\xff[\xe2-\xfb])/]
]

/** The extension that the first bytes of a file speak for, with dot; empty when they are of no known kind. */
export function extensionOfBytes(head: Uint8Array): string {
  const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.byteLength, 12)).toString('latin1')
  return SIGNATURES.find(([, start]) => start.test(text))?.[0] ?? ''
}
