/** What `imageInfo` says of a picture. */
export interface ImageInfo {
  readonly format: string
  readonly width: number
  readonly height: number
  readonly colorModel: string
}

/** Format and size of a picture from its head, or `undefined` when it is none of PNG, GIF, JPEG, WebP, BMP. */
export function imageInfo(bytes: Uint8Array): ImageInfo | undefined {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const is = (text: string, at = 0) => data.toString('latin1', at, at + text.length) === text
  if (is('\x89PNG\r\n\x1a\n') && data.length >= 24)
    return { format: 'png', width: data.readUInt32BE(16), height: data.readUInt32BE(20), colorModel: 'nrgba' }
  if ((is('GIF87a') || is('GIF89a')) && data.length >= 10)
    return { format: 'gif', width: data.readUInt16LE(6), height: data.readUInt16LE(8), colorModel: 'palette0' }
  if (is('RIFF') && is('WEBPVP8X', 8) && data.length >= 30)
    return {
      format: 'webp',
      width: data.readUIntLE(24, 3) + 1,
      height: data.readUIntLE(27, 3) + 1,
      colorModel: 'ycbcr'
    }
  if (is('RIFF') && is('WEBPVP8 ', 8) && data.length >= 30)
    return {
      format: 'webp',
      width: data.readUInt16LE(26) & 0x3fff,
      height: data.readUInt16LE(28) & 0x3fff,
      colorModel: 'ycbcr'
    }
  if (is('BM') && data.length >= 26)
    return { format: 'bmp', width: data.readInt32LE(18), height: Math.abs(data.readInt32LE(22)), colorModel: 'rgba' }
  return is('\xff\xd8') ? jpegInfo(data) : undefined
}

function jpegInfo(data: Buffer): ImageInfo | undefined {
  for (let at = 2; at + 9 < data.length && data[at] === 0xff; ) {
    const marker = data[at + 1] ?? 0
    // Start of frame, of any coding; the other markers of this range are tables.
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
      return {
        format: 'jpeg',
        width: data.readUInt16BE(at + 7),
        height: data.readUInt16BE(at + 5),
        colorModel: 'ycbcr'
      }
    at += 2 + data.readUInt16BE(at + 2)
  }
  return undefined
}
