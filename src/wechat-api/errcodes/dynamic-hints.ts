import { CLASSES, type ErrcodeContext, type ErrcodeInfo } from './errcode-info.ts'

/** WeChat's own texts are one line; patterns are not applied to longer ones. */
const LONGEST_MESSAGE = 512

type Sharpener = (info: ErrcodeInfo, context: ErrcodeContext) => ErrcodeInfo

/** Codes whose hint depends on the call or on the text of the response. */
const SHARPENERS: Readonly<Record<number, Sharpener>> = {
  40001: tokenRefused,
  40014: tokenRefused,
  42001: tokenRefused,
  40013: (info, { operation }) =>
    operation.startsWith('phone.')
      ? replace(
          info,
          'C',
          'The code belongs to another mini program than this appid.',
          '该 code 属于其他小程序的 appid。'
        )
      : info,
  40029: codeRefused,
  40163: codeRefused,
  40164: unlistedIp,
  61004: unlistedIp,
  45035: unlistedIp,
  41002: (info, { operation }) =>
    operation.startsWith('accessToken.')
      ? replace(
          info,
          'P',
          'WeChat did not receive the JSON body: a proxy or middleware changed the body or its content-type.',
          '微信没有收到 JSON 请求体：请检查代理或中间件是否改动了请求体或 content-type。'
        )
      : info,
  47003: (info, { errmsg }) => {
    const field = /(?:data\.)?([a-z_]+\d+|first|remark)(?:\.(?:value|DATA))?/.exec(errmsg)?.[1]
    if (!field) return info
    return { ...info, hint: { en: `The field ${field}: ${info.hint.en}`, zh: `字段 ${field}：${info.hint.zh}` } }
  },
  48001: (info, { operation }) =>
    operation === 'oauth.userInfo'
      ? replace(
          info,
          'U',
          'The web token was issued for snsapi_base: authorise with the scope snsapi_userinfo.',
          '该网页授权 token 是 snsapi_base 授权的，请使用 snsapi_userinfo 重新授权。'
        )
      : info,
  61010: (info, { operation }) =>
    operation.startsWith('security.')
      ? replace(
          info,
          'U',
          'This openid did not use the mini program in the last 2 hours: check content while the user is active.',
          '该 openid 近 2 小时内未访问小程序，请在用户在线时检测内容。'
        )
      : info
}

/** The entry of the table, completed with what this response says. */
export function sharpen(errcode: number, info: ErrcodeInfo, context: ErrcodeContext): ErrcodeInfo {
  const errmsg = context.errmsg.slice(0, LONGEST_MESSAGE)
  return SHARPENERS[errcode]?.(info, { ...context, errmsg }) ?? info
}

function replace(info: ErrcodeInfo, letter: string, en: string, zh: string): ErrcodeInfo {
  return { ...info, ...CLASSES[letter], hint: { en, zh } }
}

function tokenRefused(info: ErrcodeInfo, { operation }: ErrcodeContext): ErrcodeInfo {
  if (operation.startsWith('accessToken.')) {
    return replace(
      info,
      'C',
      'The AppSecret does not belong to the appid: copy the current one from the console into appSecret.',
      'AppSecret 与 appid 不匹配：请从后台复制最新的 AppSecret 配置到 appSecret。'
    )
  }
  if (!operation.startsWith('oauth.')) return info
  return replace(
    info,
    'U',
    'The web OAuth token (not the global one) has expired or is wrong: oauth.refreshToken renews it for 30 days, then the user must authorise again.',
    '网页授权 token（不是全局 access_token）已失效：30 天内可用 oauth.refreshToken 刷新，否则请重新授权。'
  )
}

function codeRefused(info: ErrcodeInfo, { operation }: ErrcodeContext): ErrcodeInfo {
  if (operation.startsWith('phone.')) {
    return replace(
      info,
      'U',
      'The code must come from the getPhoneNumber button (not wx.login), works once and for 5 minutes: let the user tap it again.',
      'code 须来自 getPhoneNumber 按钮（不是 wx.login），只能用一次且 5 分钟内有效：请让用户重新点击。'
    )
  }
  if (!operation.startsWith('auth.') && !operation.startsWith('session.')) return info
  return replace(
    info,
    'U',
    'The code of wx.login works once and for 5 minutes, for this appid only: call wx.login again and send the new code at once, before any other call with session_key.',
    'wx.login 的 code 只能用一次、5 分钟内有效且仅限本 appid：请重新调用 wx.login，先换取 session_key，再进行其他调用。'
  )
}

function unlistedIp(info: ErrcodeInfo, { errmsg }: ErrcodeContext): ErrcodeInfo {
  const ip =
    /\b\d{1,3}(?:\.\d{1,3}){3}\b/.exec(errmsg)?.[0] ?? /\b[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}/i.exec(errmsg)?.[0]
  if (!ip) return info
  return {
    ...info,
    hint: {
      en: `WeChat saw the IP ${ip}: add it to the API IP list of the console (Settings and Development, Basic Configuration) and wait a few minutes.`,
      zh: `微信看到的 IP 是 ${ip}：请将其加入后台「IP 白名单」（设置与开发 → 基本配置），等待几分钟后再试。`
    }
  }
}
