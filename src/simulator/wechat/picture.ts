import { createHash } from 'node:crypto'
import { deflateSync } from 'node:zlib'

export interface PictureOptions {
  /** Width and height in pixels. */
  readonly size: number
  /** Background becomes transparent. */
  readonly transparent?: boolean
  readonly color?: readonly [number, number, number]
  /** Text that the file carries beside its pixels. */
  readonly comment?: string | undefined
}

const MODULES = 33

/**
 * A square that looks like a code and depends on its content. A phone cannot scan it: there is no server behind it that a
 * phone could reach.
 */
function isDark(digest: Buffer, row: number, column: number): boolean {
  for (const [top, left] of [
    [0, 0],
    [0, MODULES - 7],
    [MODULES - 7, 0]
  ] as const) {
    const y = row - top
    const x = column - left
    if (y >= -1 && y <= 7 && x >= -1 && x <= 7) {
      const ring = Math.max(Math.abs(y - 3), Math.abs(x - 3))
      return ring === 3 || ring <= 1
    }
  }
  const bit = row * MODULES + column
  return (((digest[bit % digest.length] ?? 0) >> (Math.floor(bit / digest.length) % 8)) & 1) === 1
}

function pattern(content: string): (row: number, column: number) => boolean {
  const digest = Buffer.concat([0, 1, 2, 3].map((part) => createHash('sha256').update(`${part}${content}`).digest()))
  return (row, column) => isDark(digest, row, column)
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return (crc ^ 0xffffffff) >>> 0
}

function chunk(type: string, data: Buffer): Buffer {
  const head = Buffer.alloc(4)
  head.writeUInt32BE(data.length)
  const body = Buffer.concat([Buffer.from(type, 'ascii'), data])
  const tail = Buffer.alloc(4)
  tail.writeUInt32BE(crc32(body))
  return Buffer.concat([head, body, tail])
}

/** A PNG. */
export function drawCode(content: string, options: PictureOptions): Buffer {
  const dark = pattern(content)
  const { size } = options
  const [red, green, blue] = options.color ?? [0, 0, 0]
  const background = options.transparent ? [255, 255, 255, 0] : [255, 255, 255, 255]
  const module = (pixel: number) => Math.floor((pixel * (MODULES + 4)) / size) - 2
  const isInside = (index: number) => index >= 0 && index < MODULES
  const rows = new Map<number, Buffer>()
  const drawRow = (row: number): Buffer => {
    const line = Buffer.alloc(1 + size * 4)
    for (let x = 0; x < size; x++) {
      const isInk = isInside(row) && isInside(module(x)) && dark(row, module(x))
      line.set(isInk ? [red, green, blue, 255] : background, 1 + x * 4)
    }
    rows.set(row, line)
    return line
  }
  const raw = Buffer.concat(Array.from({ length: size }, (_, y) => rows.get(module(y)) ?? drawRow(module(y))))
  const header = Buffer.alloc(13)
  header.writeUInt32BE(size, 0)
  header.writeUInt32BE(size, 4)
  header.set([8, 6, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    ...(options.comment === undefined ? [] : [chunk('tEXt', Buffer.from(`Comment\0${options.comment}`, 'latin1'))]),
    chunk('IDAT', deflateSync(raw)),
    chunk('IEND', Buffer.alloc(0))
  ])
}

// Table K.3 of ITU-T T.81: code lengths of the categories 0–11 of a luminance DC coefficient.
const DC_LENGTHS = [2, 3, 3, 3, 3, 3, 4, 5, 6, 7, 8, 9]
const DC_CODES = [
  0b00, 0b010, 0b011, 0b100, 0b101, 0b110, 0b1110, 0b11110, 0b111110, 0b1111110, 0b11111110, 0b111111110
]

/** A baseline JPEG in grey. Every block of 8×8 pixels has one tone, so that DC coefficients say it all. */
export function drawCodeJpeg(content: string, size: number, comment?: string): Buffer {
  const dark = pattern(content)
  const blocks = Math.ceil(size / 8)
  let bits = ''
  let previous = 0
  for (let y = 0; y < blocks; y++) {
    for (let x = 0; x < blocks; x++) {
      const row = Math.floor((y * (MODULES + 4)) / blocks) - 2
      const column = Math.floor((x * (MODULES + 4)) / blocks) - 2
      const inside = row >= 0 && row < MODULES && column >= 0 && column < MODULES
      // 8 × (tone − 128), divided by the quantiser of 8.
      const value = inside && dark(row, column) ? -128 : 127
      const difference = value - previous
      previous = value
      const category = difference === 0 ? 0 : Math.abs(difference).toString(2).length
      bits += (DC_CODES[category] ?? 0).toString(2).padStart(DC_LENGTHS[category] ?? 0, '0')
      if (category > 0) {
        const amplitude = difference > 0 ? difference : difference + (1 << category) - 1
        bits += amplitude.toString(2).padStart(category, '0')
      }
      // End of block: the only code of the AC table below.
      bits += '0'
    }
  }
  bits = bits.padEnd(Math.ceil(bits.length / 8) * 8, '1')
  const data: number[] = []
  for (let i = 0; i < bits.length; i += 8) {
    const byte = Number.parseInt(bits.slice(i, i + 8), 2)
    data.push(byte, ...(byte === 0xff ? [0] : []))
  }
  const segment = (marker: number, ...bytes: number[]) =>
    Buffer.from([0xff, marker, (bytes.length + 2) >> 8, (bytes.length + 2) & 0xff, ...bytes])
  const counts = Array.from({ length: 16 }, (_, i) => DC_LENGTHS.filter((length) => length === i + 1).length)
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe0, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0),
    ...(comment === undefined ? [] : [segment(0xfe, ...Buffer.from(comment, 'latin1'))]),
    segment(0xdb, 0, ...Array.from({ length: 64 }, () => 8)),
    segment(0xc0, 8, size >> 8, size & 0xff, size >> 8, size & 0xff, 1, 1, 0x11, 0),
    segment(0xc4, 0x00, ...counts, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
    segment(0xc4, 0x10, 1, ...Array.from({ length: 15 }, () => 0), 0),
    segment(0xda, 1, 1, 0x00, 0, 63, 0),
    Buffer.from(data),
    Buffer.from([0xff, 0xd9])
  ])
}
