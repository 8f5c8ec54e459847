/**
 * RC2 in CBC mode (RFC 2268), encryption only: the p12 files of WeChat Pay use it with 40 bits, and OpenSSL 3 no longer
 * offers it.
 */
const PI = Buffer.from(
  'd978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2179a59f587b34f1361456d8d09817d32bd8f' +
    '40eb86b77b0bf09521225c6b4e8254d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb6266fbf0eda' +
    '4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed708e8eade8052eef784aa72ac354d6a2a961ad2715a15' +
    '49744b9fd05e0418a4ecc2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b255597312d5dfa98e38a92ae' +
    '05df2910676cbac9d300e6cfe19ea82c6316013f58e289a90d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa6' +
    '2068fe7fc1ad',
  'hex'
)
const BLOCK = 8
const SHIFTS = [1, 2, 3, 5] as const

function expandKey(key: Uint8Array, effectiveBits: number): Uint16Array {
  const bytes = new Uint8Array(128)
  bytes.set(key)
  const at = (index: number) => bytes[index] ?? 0
  const pi = (index: number) => PI[index & 0xff] ?? 0
  for (let i = key.length; i < 128; i++) bytes[i] = pi(at(i - 1) + at(i - key.length))
  const used = (effectiveBits + 7) >> 3
  bytes[128 - used] = pi(at(128 - used) & (0xff >> (8 * used - effectiveBits)))
  for (let i = 127 - used; i >= 0; i--) bytes[i] = pi(at(i + 1) ^ at(i + used))
  return Uint16Array.from({ length: 64 }, (_, i) => at(2 * i) | (at(2 * i + 1) << 8))
}

function encryptBlock(key: Uint16Array, block: Buffer): void {
  const words = [0, 2, 4, 6].map((offset) => block.readUInt16LE(offset))
  const word = (index: number) => words[index & 3] ?? 0
  let used = 0
  for (let round = 0; round < 16; round++) {
    for (let i = 0; i < 4; i++) {
      const sum = word(i) + (key[used++] ?? 0) + (word(i + 3) & word(i + 2)) + (~word(i + 3) & word(i + 1))
      const shift = SHIFTS[i] ?? 1
      const value = sum & 0xffff
      words[i] = ((value << shift) | (value >> (16 - shift))) & 0xffff
    }
    if (round === 4 || round === 10) {
      for (let i = 0; i < 4; i++) words[i] = (word(i) + (key[word(i + 3) & 63] ?? 0)) & 0xffff
    }
  }
  words.forEach((value, i) => {
    block.writeUInt16LE(value, 2 * i)
  })
}

/** Encrypts with PKCS#7 padding. */
export function encryptRc2Cbc(
  key: Uint8Array,
  iv: Uint8Array,
  data: Uint8Array,
  effectiveBits = key.length * 8
): Buffer {
  const pad = BLOCK - (data.length % BLOCK)
  const out = Buffer.concat([data, Buffer.alloc(pad, pad)])
  const schedule = expandKey(key, effectiveBits)
  let previous = Buffer.from(iv)
  for (let start = 0; start < out.length; start += BLOCK) {
    const block = out.subarray(start, start + BLOCK)
    for (let i = 0; i < BLOCK; i++) block[i] = (block[i] ?? 0) ^ (previous[i] ?? 0)
    encryptBlock(schedule, block)
    previous = Buffer.from(block)
  }
  return out
}
