// How a client signs its requests: `rand_str` is MD5 of the thirteen digits of `timestamp` followed by the token.

const SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]
const SINES = Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0)

/** MD5 of a text, in hex. Browsers and mini programs have none of their own. */
export function md5(text) {
  const bytes = new TextEncoder().encode(text)
  const words = new Int32Array(((bytes.length + 8) >> 6) * 16 + 16)
  for (const [i, byte] of bytes.entries()) words[i >> 2] |= byte << ((i % 4) * 8)
  words[bytes.length >> 2] |= 0x80 << ((bytes.length % 4) * 8)
  words[words.length - 2] = bytes.length * 8
  let state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476].map((word) => word | 0)
  for (let block = 0; block < words.length; block += 16) {
    let [a, b, c, d] = state
    for (let i = 0; i < 64; i++) {
      const round = i >> 4
      const mixed = [(b & c) | (~b & d), (b & d) | (c & ~d), b ^ c ^ d, c ^ (b | ~d)][round]
      const word = words[block + ([i, 5 * i + 1, 3 * i + 5, 7 * i][round] % 16)]
      const sum = (a + mixed + SINES[i] + word) | 0
      const shift = SHIFTS[round * 4 + (i % 4)]
      ;[a, d, c, b] = [d, c, b, (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0]
    }
    state = [a, b, c, d].map((word, i) => (word + state[i]) | 0)
  }
  return state
    .flatMap((word) => [0, 8, 16, 24].map((shift) => (word >>> shift) & 255))
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
}

let last = 0
/** The three parameters that every request has; no two requests share a millisecond. */
export function signature({ user_id, token }) {
  last = Math.max(last + 1, Date.now())
  return { rand_str: md5(`${last}${token}`), timestamp: last, user_id }
}

/** Calls an interface of the document; answers `{ code, msg, data }`, also when the network is away. */
export async function call(session, method, path, fields = {}, signal = undefined) {
  const inQuery = { ...(session ? signature(session) : {}), ...(method === 'GET' ? fields : {}) }
  const url = `/zhugeleida${path}?${new URLSearchParams(inQuery)}`
  const json = { 'content-type': 'application/json' }
  const init = method === 'GET' ? { signal } : { method, headers: json, body: JSON.stringify(fields), signal }
  return fetch(url, init)
    .then((response) => response.json())
    .catch(() => ({ code: -1, msg: '网络不通，请稍后再试', data: {} }))
}
