/** Pages on which a browser pays, which other services lead to. */
export const CASHIER_HOST = 'wx.tenpay.com'
export const CASHIER_PATH = '/simulator/cashier'
/** Verifies the parameters of `chooseWXPay` before the cashier opens. */
export const PAYMENT_CHECK_PATH = '/simulator/jssdk-pay'
