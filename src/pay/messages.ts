/** The signed text of a request: five lines, each ending in LF, including the last. (如何生成请求签名) */
export function requestMessage(
  method: string,
  target: string,
  timestamp: string,
  nonce: string,
  body: string | Uint8Array
): Buffer {
  return frame(`${method}\n${target}\n${timestamp}\n${nonce}\n`, body)
}

/** The signed bytes of a response or notification: timestamp, nonce and the raw bytes of the body. (如何验证签名) */
export function responseMessage(timestamp: string, nonce: string, body: string | Uint8Array): Buffer {
  return frame(`${timestamp}\n${nonce}\n`, body)
}

// Bytes stay bytes: decoding and re-encoding them would repair invalid UTF-8.
function frame(head: string, body: string | Uint8Array): Buffer {
  if (typeof body === 'string') return Buffer.from(`${head}${body}\n`)
  const headLength = Buffer.byteLength(head)
  const message = Buffer.allocUnsafe(headLength + body.byteLength + 1)
  message.write(head, 0)
  message.set(body, headLength)
  message[message.byteLength - 1] = 0x0a
  return message
}
