const SHOWN = 24

/**
 * Compares the signed message with the (truncated) one that the platform built from the request it received, and
 * reports where they differ. (签名错误: sign_information)
 */
export function describeSignDifference(ours: Uint8Array, detail: unknown): string | undefined {
  const information = readInformation(detail)
  if (!information) return undefined
  const ourText = Buffer.from(ours).toString('utf8')
  const { text, length } = information
  let at = 0
  while (at < text.length && at < ourText.length && text[at] === ourText[at]) at++
  const isCut = length === undefined || length > Buffer.byteLength(text)
  if (at < text.length && !(isCut && at >= text.length - 1)) {
    const line = ourText.slice(0, at).split('\n').length
    const name = ['method', 'path and query', 'timestamp', 'nonce', 'body'][line - 1] ?? 'body'
    return `The platform built a different message: the first difference is at character ${at} (line ${line}, ${name}): we signed ${show(ourText, at)}, it received ${show(text, at)}. Something between here and the platform changes the request.`
  }
  if (length !== undefined && length !== ours.byteLength) {
    return `The platform built a message of ${length} bytes, ours has ${ours.byteLength}: they agree as far as shown, so the body was changed in transit.`
  }
  return 'The platform built the same message, so privateKey does not belong to certSerial, or certSerial does not belong to mchId.'
}

function show(text: string, at: number): string {
  return at >= text.length ? 'nothing (it ends there)' : JSON.stringify(text.slice(at, at + SHOWN))
}

function readInformation(detail: unknown): { text: string; length: number | undefined } | undefined {
  if (typeof detail !== 'object' || detail === null) return undefined
  const information = (detail as { sign_information?: unknown }).sign_information
  if (typeof information !== 'object' || information === null) return undefined
  const { truncated_sign_message: text, sign_message_length: length } = information as Record<string, unknown>
  if (typeof text !== 'string') return undefined
  return { text, length: typeof length === 'number' ? length : undefined }
}
