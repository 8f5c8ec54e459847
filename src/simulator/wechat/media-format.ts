export type Format = 'image/png' | 'image/jpeg' | 'image/gif' | 'image/bmp' | 'audio/amr' | 'audio/mp3' | 'video/mp4'

export const EXTENSIONS: Readonly<Record<Format, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/bmp': 'bmp',
  'audio/amr': 'amr',
  'audio/mp3': 'mp3',
  'video/mp4': 'mp4'
}

/** What bytes really are, as the platform looks at them too. */
export function formatOf(bytes: Buffer): Format | undefined {
  if (bytes.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex'))) return 'image/png'
  if (bytes.subarray(0, 3).equals(Buffer.from('ffd8ff', 'hex'))) return 'image/jpeg'
  const head = bytes.subarray(0, 12).toString('latin1')
  if (head.startsWith('GIF8')) return 'image/gif'
  if (head.startsWith('BM')) return 'image/bmp'
  if (head.startsWith('#!AMR')) return 'audio/amr'
  if (head.startsWith('ID3') || ((bytes[0] ?? 0) === 0xff && ((bytes[1] ?? 0) & 0xe0) === 0xe0)) return 'audio/mp3'
  return head.slice(4, 8) === 'ftyp' ? 'video/mp4' : undefined
}
