import { invalid } from './check-params.ts'

/** For `wx.openBusinessView` of a Mini Program. */
export interface PayscoreViewParams<Data extends object> {
  businessType: 'wxpayScoreUse' | 'wxpayScoreEnable'
  extraData: Data
}

/** @throws {ConfigError} ERR_INVALID_PARAM without `package` */
export function confirmView(
  family: string,
  order: { package?: string | undefined }
): PayscoreViewParams<{ package: string }> {
  const packageText = order?.package
  if (!packageText) {
    throw invalid(`${family}.confirmParams`, 'package', 'is present only in the response of create with confirmation')
  }
  return { businessType: 'wxpayScoreUse', extraData: { package: packageText } }
}

/** @throws {ConfigError} ERR_INVALID_PARAM without the token */
export function enableView(
  family: string,
  permission: { apply_permissions_token: string }
): PayscoreViewParams<{ apply_permissions_token: string }> {
  const apply_permissions_token = permission?.apply_permissions_token
  if (!apply_permissions_token) throw invalid(`${family}.enableParams`, 'apply_permissions_token', 'is required')
  return { businessType: 'wxpayScoreEnable', extraData: { apply_permissions_token } }
}
