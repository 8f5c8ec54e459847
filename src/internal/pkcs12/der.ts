/** A node of an ASN.1 value in BER or DER. */
export interface DerNode {
  /** Identifier octet, with the class and constructed bits. */
  readonly tag: number
  readonly content: Buffer
  /** Empty for primitive values. */
  readonly children: readonly DerNode[]
  /** The complete encoding. */
  readonly raw: Buffer
}

export const TAG = {
  integer: 0x02,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  sequence: 0x30,
  set: 0x31,
  context0: 0xa0
} as const

const MAX_DEPTH = 32
const MAX_NODES = 20_000

/** Internal: the bytes are not ASN.1, or not the expected structure. The loader turns it into a `ConfigError`. */
export class DerError extends Error {}

/** Reads one value. Indefinite lengths are supported, because some tools write .p12 files that way. */
export function readDer(bytes: Buffer): DerNode {
  const reader = new Reader(bytes)
  const node = reader.read(0, bytes.length, 0)
  if (node.raw.length !== bytes.length) throw new DerError('something follows the value')
  return node
}

class Reader {
  readonly #bytes: Buffer
  #nodes = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  read(start: number, end: number, depth: number): DerNode {
    if (depth > MAX_DEPTH || ++this.#nodes > MAX_NODES) throw new DerError('nested too deep, or too many values')
    const tag = this.#byte(start, end)
    if ((tag & 0x1f) === 0x1f) throw new DerError('a tag number above 30')
    const first = this.#byte(start + 1, end)
    const constructed = (tag & 0x20) !== 0
    if (first === 0x80) {
      if (!constructed) throw new DerError('an indefinite length of a primitive value')
      return this.#readIndefinite(tag, start, end, depth)
    }
    const lengthOctets = first < 0x80 ? 0 : first & 0x7f
    if (lengthOctets > 4) throw new DerError('a length of more than four octets')
    const from = start + 2 + lengthOctets
    if (from > end) throw new DerError('cut short')
    const length = lengthOctets === 0 ? first : this.#bytes.readUIntBE(start + 2, lengthOctets)
    const to = from + length
    if (to > end) throw new DerError('cut short')
    const children: DerNode[] = []
    for (let at = from; constructed && at < to; ) {
      const child = this.read(at, to, depth + 1)
      children.push(child)
      at += child.raw.length
    }
    return { tag, children, content: this.#bytes.subarray(from, to), raw: this.#bytes.subarray(start, to) }
  }

  #readIndefinite(tag: number, start: number, end: number, depth: number): DerNode {
    const children: DerNode[] = []
    let at = start + 2
    while (this.#byte(at, end) !== 0 || this.#byte(at + 1, end) !== 0) {
      const child = this.read(at, end, depth + 1)
      children.push(child)
      at += child.raw.length
    }
    return { tag, children, content: this.#bytes.subarray(start + 2, at), raw: this.#bytes.subarray(start, at + 2) }
  }

  #byte(at: number, end: number): number {
    const byte = at < end ? this.#bytes[at] : undefined
    if (byte === undefined) throw new DerError('cut short')
    return byte
  }
}

/** Returns the child at `index`, which must have one of the given tags. */
export function childOf(node: DerNode, index: number, ...tags: number[]): DerNode {
  const child = node.children[index]
  if (child === undefined || !tags.includes(child.tag)) throw new DerError('an unexpected type')
  return child
}

/** Returns the content of an OCTET STRING (or an implicitly tagged one); the parts of a constructed one are joined. */
export function octetsOf(node: DerNode): Buffer {
  return (node.tag & 0x20) === 0 ? node.content : Buffer.concat(node.children.map(octetsOf))
}

export function integerOf(node: DerNode): number {
  const { length } = node.content
  if (length === 0 || length > 6) throw new DerError('an integer out of range')
  return node.content.readIntBE(0, length)
}

/** Returns the dotted form of an object identifier. */
export function oidOf(node: DerNode): string {
  const parts: number[] = []
  let value = 0
  for (const byte of node.content) {
    value = value * 128 + (byte & 0x7f)
    if (value > 0xffff_ffff) throw new DerError('an object identifier out of range')
    if (byte >= 0x80) continue
    if (parts.length === 0) {
      const first = Math.min(2, Math.floor(value / 40))
      parts.push(first, value - first * 40)
    } else {
      parts.push(value)
    }
    value = 0
  }
  return parts.join('.')
}
