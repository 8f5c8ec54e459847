import { type KeyObject, sign } from 'node:crypto'
import { requestMessage } from './messages.ts'

/** Schema of the `Authorization` header and value of `Wechatpay-Signature-Type`. */
export const SIGNATURE_SCHEMA = 'WECHATPAY2-SHA256-RSA2048'

/** A signed request: the header, and the signed text, for comparison if the platform disagrees. */
export interface Authorization {
  readonly value: string
  readonly message: Buffer
}

export interface Signable {
  readonly method: string
  /** Path and query exactly as they are sent. */
  readonly target: string
  /** Exactly the bytes that are sent; for an upload, the text of its `meta` part. */
  readonly body: string | Uint8Array
}

/** The signer: a merchant and its API certificate. */
interface Signer {
  readonly mchId: string
  readonly serial: string
  readonly privateKey: KeyObject
}

/**
 * Returns the `Authorization` header of one attempt. (如何生成请求签名) Signed on the thread pool: a signature takes at least a
 * third of a millisecond, and there it does not block the event loop.
 */
export async function signRequest(
  request: Signable,
  signer: Signer,
  nowMs: number,
  nonce: string
): Promise<Authorization> {
  const { message, headerOf } = prepare(request, signer, nowMs, nonce)
  const signature = await new Promise<Buffer>((resolve, reject) => {
    sign('sha256', message, signer.privateKey, (error, bytes) => (error ? reject(error) : resolve(bytes)))
  })
  return { value: headerOf(signature), message }
}

/** The same synchronously, on the event loop. */
export function signRequestNow(request: Signable, signer: Signer, nowMs: number, nonce: string): string {
  const { message, headerOf } = prepare(request, signer, nowMs, nonce)
  return headerOf(sign('sha256', message, signer.privateKey))
}

function prepare({ method, target, body }: Signable, { mchId, serial }: Signer, nowMs: number, nonce: string) {
  const timestamp = String(Math.floor(nowMs / 1000))
  return {
    message: requestMessage(method, target, timestamp, nonce, body),
    headerOf: (signature: Buffer) =>
      `${SIGNATURE_SCHEMA} mchid="${mchId}",nonce_str="${nonce}",signature="${signature.toString('base64')}",timestamp="${timestamp}",serial_no="${serial}"`
  }
}
