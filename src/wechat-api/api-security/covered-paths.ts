const DATACUBE = [
  'dailyretaininfo',
  'dailysummarytrend',
  'dailyvisittrend',
  'monthlyretaininfo',
  'monthlyvisittrend',
  'userportrait',
  'visitdistribution',
  'visitpage',
  'weeklyretaininfo',
  'weeklyvisittrend'
]

const INTRACITY = [
  'addorder',
  'apply',
  'balancequery',
  'cancelorder',
  'createstore',
  'getcity',
  'getpaymode',
  'mocknotify',
  'preaddorder',
  'queryflow',
  'queryorder',
  'querystore',
  'setpaymode',
  'storecharge',
  'storerefund',
  'updatestore'
]

/**
 * POST calls whose documents say that they support encryption, without the leading slash (服务端 API 签名加密指南). GET calls
 * and uploads stay plain.
 */
export const COVERED_PATHS: ReadonlySet<string> = new Set([
  'cgi-bin/clear_quota',
  'cgi-bin/openapi/quota/get',
  'cgi-bin/openapi/rid/get',
  'wxa/getpluginopenpid',
  'wxa/business/checkencryptedmsg',
  'wxa/business/getuserphonenumber',
  'wxa/getwxacode',
  'wxa/getwxacodeunlimit',
  'cgi-bin/wxaapp/createwxaqrcode',
  'cgi-bin/message/custom/send',
  'cgi-bin/message/wxopen/updatablemsg/send',
  'cgi-bin/message/subscribe/send',
  'wxaapi/newtmpl/addtemplate',
  'wxaapi/newtmpl/deltemplate',
  'wxa/msg_sec_check',
  'wxa/media_check_async',
  'wxa/getuserriskrank',
  'wxa/business/performance/boot',
  'wxa/devplugin',
  'wxa/plugin',
  'wxa/servicemarket',
  'cgi-bin/soter/verify_signature',
  ...DATACUBE.map((name) => `datacube/getweanalysisappid${name}`),
  ...INTRACITY.map((name) => `cgi-bin/express/intracity/${name}`)
])
