import { readResponseText } from '../../core/read-response-text.ts'
import { SignatureError } from '../../errors/index.ts'
import { checkErrcode, parseJsonResponse, type ResponseContext } from '../read-response.ts'
import type { ApiSecurity } from './api-security.ts'

/**
 * The content of a response in API security mode.
 *
 * What is refused before the decryption (a bad token, a bad signature) comes as plain JSON: that is believed as a refusal, never
 * as a success.
 *
 * @throws {SignatureError}, {DecryptError} of {@link ApiSecurity.open}; {WeChatApiError} ERR_WECHAT_API
 */
export async function readSecuredResponse(
  security: ApiSecurity,
  path: string,
  response: Response,
  context: ResponseContext & { nowSeconds: number }
): Promise<unknown> {
  const text = await readResponseText(response, context)
  const { headers, status } = response
  if (headers.get('wechatmp-signature') ?? headers.get('wechatmp-signature-deprecated')) {
    return checkErrcode(security.open(path, headers, text, context.nowSeconds), status, context)
  }
  await parseJsonResponse(text, status, context)
  throw new SignatureError(
    'missing',
    `${context.operation}: the response has no signature. Is API security switched on in the console, and is ${path} among its calls?`,
    { product: context.product }
  )
}
