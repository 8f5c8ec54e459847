// Prints what each package that a migration page is about offers: its public methods, by package.
const own = (value) => Object.getOwnPropertyNames(value)
const methodsOf = (made) =>
  own(made.prototype).filter(
    (name) => typeof Object.getOwnPropertyDescriptor(made.prototype, name)?.value === 'function'
  )

/** From what the package exports to the names that people call. */
const PACKAGES = {
  'weixin-pay': (WXPay) => methodsOf(WXPay),
  weixinpay: (WeiXinPay) => methodsOf(WeiXinPay),
  tenpay: (Payment) => [...methodsOf(Payment), ...own(Payment).filter((name) => typeof Payment[name] === 'function')],
  'wechatpay-node-v3': (Pay) => [...methodsOf(Pay), ...methodsOf(Object.getPrototypeOf(Pay))],
  'co-wechat-api': methodsOf,
  'co-wechat-oauth': methodsOf,
  'wechat-jssdk': ({ JSSDK, OAuth, Card, Payment, MiniProgram }) =>
    [JSSDK, OAuth, Card, Payment, MiniProgram].flatMap(methodsOf),
  'nest-wechat': ({ WeChatService }) => {
    const made = new WeChatService({ appId: 'wx', secret: 'x' })
    return [made, made.mp, made.pay]
      .flatMap((one) => methodsOf(one.constructor))
      .filter((name) => !NEST_PRIVATE.has(name))
  }
}
/** Private ones of its declarations. */
const NEST_PRIVATE = new Set([
  'getToken',
  'getTicket',
  'checkAccessToken',
  'checkTicket',
  'chooseAppIdAndSecret',
  'verifySignature',
  'generateHeader',
  'generateSignature'
])
/** Inner parts that the packages leave public. */
const INNER = new Set([
  'fetchCertificates',
  'objectToQueryString',
  'postRequest',
  'postRequestV2',
  'getRequest',
  'getRequestV2',
  'constructor',
  'init',
  'Util',
  'parseWXReturnXML',
  'inherits',
  'add'
])

const found = {}
for (const [name, names] of Object.entries(PACKAGES)) {
  const all = names(require(require.resolve(name, { paths: [process.cwd()] })))
  found[name] = [...new Set(all)].filter((one) => !one.startsWith('_') && !INNER.has(one))
}
process.stdout.write(JSON.stringify(found))
