import { readResponseText } from '../../core/read-response-text.ts'
import { SignatureError } from '../../errors/index.ts'
import { checkErrcode, parseJsonResponse, type ResponseContext } from '../read-response.ts'
import type { ApiSecurity } from './api-security.ts'

/**
 * Returns the content of a response in API security mode.
 *
 * A refusal before the decryption (a bad token, a bad signature) is plain JSON: it is accepted as a refusal, never as a
 * success.
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
    `${context.operation}: the response has no signature. Check that API security is switched on in the console and covers ${path}.`,
    { product: context.product }
  )
}
