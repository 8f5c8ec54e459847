import { certificateList } from '../certificate-list.ts'
import { V3Failure } from '../failures.ts'
import { get, type V3Route } from './route.ts'
import { object, oneOf, opt } from './shape.ts'

export const CERTIFICATE_ROUTES: readonly V3Route[] = [
  get(
    '/v3/certificates',
    { query: object({ algorithm_type: opt(oneOf('RSA', 'SM2', 'ALL')) }) },
    ({ world, merchant }) => {
      if (merchant.platformKey === 'publicKey') {
        throw new V3Failure(404, 'RESOURCE_NOT_EXISTS', '无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥')
      }
      return certificateList(world, merchant)
    }
  ),
  get('/v3/merchant/fund/balance/:account_type', {}, ({ world, merchant, params }) => {
    const isBasic = params.account_type === 'BASIC'
    return { available_amount: isBasic ? world.funds.balance(merchant.mchId) : 0, pending_amount: 0 }
  })
]
