/**
 * One code, list or range per line: `codes class|English|Chinese`; the letters are those of `CLASSES`. Text instead of
 * objects, because the table is read only when an error occurs.
 */
export const CORE = `
-1 B|WeChat is busy (or got certain wrong inputs, which have the same code): try again in a moment.|系统繁忙（个别参数错误也会返回此码），请稍后重试。
40001 T|The access token is not the newest of this account. If a fresh one is refused too, another process keeps replacing it (give all processes one store) or the token belongs to another appid.|access_token 不是该账号的最新凭证。若换新后仍被拒绝，说明有其他进程在不断刷新（请让所有进程共用同一个 store），或该 token 属于其他 appid。
40014 T|The access token is malformed or belongs to another account: get it from accessToken.get().|access_token 不合法或属于其他账号，请通过 accessToken.get() 获取。
42001 T|The access token has expired and was replaced. If this recurs, check the clock of this machine.|access_token 已过期并已自动更换；若反复出现，请检查本机时间。
41001 P|The call was sent without access_token: do not set withAccessToken to false for this path.|请求缺少 access_token 参数，请勿对该接口关闭 withAccessToken。
40002 P|grant_type is wrong: client_credential for access tokens, authorization_code for codes, refresh_token for renewing.|grant_type 不正确：获取 token 用 client_credential，换取 code 用 authorization_code，刷新用 refresh_token。
40013 C|The appid is wrong, or the token or code belongs to another one; appids are case-sensitive.|appid 不正确，或与 token、code 所属账号不一致；注意区分大小写。
40125 C|The AppSecret is wrong, usually because it was reset in the console: copy the current one into appSecret.|AppSecret 不正确，多半是在后台重置过：请把最新的 AppSecret 配置到 appSecret。
40164 C|The IP of this machine is not in the API IP list of the console (Settings and Development, Basic Configuration): add it and wait a few minutes.|调用方 IP 不在后台「IP 白名单」中（设置与开发 → 基本配置），请添加后等待几分钟再试。
40243 C|The AppSecret is frozen: unfreeze it in the console, which takes about 10 minutes.|AppSecret 已被冻结，请在后台解冻，约 10 分钟后生效。
40226 U|WeChat blocks this user as high-risk: show a refusal and do not retry the login.|该用户被微信判定为高风险，登录已被拦截：请提示用户，不要重试。
40029 U|The code is wrong, older than 5 minutes, or for another appid: get a new one from the user and exchange it at once.|code 无效、超过 5 分钟或属于其他 appid：请让用户重新获取 code 并立即换取。
40163 U|The code was already used; each works once. After a timeout the first exchange may have succeeded: start a new authorization.|code 已被使用，每个 code 只能用一次。若上次请求超时，第一次可能已成功：请重新发起授权。
42003 U|The code has expired (5 minutes): start a new authorization.|code 已过期（有效期 5 分钟），请重新发起授权。
40030 U|The refresh_token is wrong: the user must authorise again.|refresh_token 无效，请让用户重新授权。
42002 U|The refresh_token has expired (30 days): the user must authorise again.|refresh_token 已过期（30 天），请让用户重新授权。
42007 U|The user changed the password, so all tokens are invalid: the user must authorise again.|用户修改了密码，授权已失效，请重新授权。
41002 P|appid is missing. On stable_token this means that the body did not arrive as JSON.|缺少 appid 参数；对 stable_token 而言通常是请求体不是 JSON。
41003 P|refresh_token is missing.|缺少 refresh_token 参数。
41004 P|secret is missing.|缺少 secret 参数。
41008 P|code is missing: the page must pass it on.|缺少 code 参数，请检查页面是否把 code 传了过来。
41009 P|openid is missing.|缺少 openid 参数。
40003 P|The openid is wrong, belongs to another account, or its user is not a follower. Openids of different accounts are not interchangeable.|openid 不正确、属于其他账号，或用户未关注。不同账号的 openid 不通用。
43004 U|The recipient does not follow the account.|接收者未关注该公众号。
50005 U|The user does not follow the account.|用户未关注该公众号。
43101 U|The user did not accept this subscription message, cancelled it, or the one-time acceptance is used up: ask again with wx.requestSubscribeMessage.|用户未订阅、已取消或一次性订阅已用完：请再次调用 wx.requestSubscribeMessage 征求同意。
45015 U|The customer-service window is closed (48 hours after the user's last message): the user must write first, or use a template or subscription message instead.|已超出客服消息时限（用户最后一次互动后 48 小时）：需用户先发消息，或改用模板消息、订阅消息。
45047 U|Too many customer-service messages since the user's last action: wait for the user to write.|用户上次互动后下发的客服消息已达上限，需等待用户再次互动。
45009 D|The quota of this API is used up. quota.get(path) shows it, quota.clear() resets the daily ones (10 times a month).|该接口调用次数已达上限：可用 quota.get(path) 查询，用 quota.clear() 清零每日次数（每月 10 次）。
44990 M|Too many calls of this API within a second: slow down.|该接口调用过快（按秒限频），请放慢速度。
44993 D|The daily quota of this API is used up.|该接口当日调用次数已用完。
45011 M|The limit per minute is reached: wait for the next minute (code2Session: 100 a minute per user).|调用过于频繁，请等到下一分钟（code2Session：每个用户每分钟 100 次）。
45029 D|All 100,000 limited mini program codes of this account are used up and cannot be recovered: use wxacode.getUnlimited.|有限数量的小程序码（共 10 万个）已用完且不会恢复：请改用 wxacode.getUnlimited。
48001 C|The account has no permission for this API (type of account, verification, or authorisation), or the token belongs to another type of account.|该账号没有此接口的权限（账号类型、认证或授权问题），或使用了其他类型账号的 token。
48002 U|The follower switched off messages.|粉丝关闭了接收消息。
48004 X|The API is banned for this account: see the notices in the console.|接口被封禁，请登录后台查看通知。
48006 D|The resets of the quota are used up (10 a month).|清零次数已用完（每月 10 次）。
50001 U|The user has not authorised this API: use the scope snsapi_userinfo.|用户未授权该接口，请使用 snsapi_userinfo 授权。
50002 X|The user or account is restricted: frozen, cancelled or migrated.|用户或账号受限：可能被冻结、注销或已迁移。
50004 X|The account is banned from using access tokens: see the console.|账号被处罚，禁止使用 access_token，请查看后台通知。
61024 C|The appid is a third-party platform (component): its token comes from api_component_token.|该 appid 是第三方平台，请用 api_component_token 获取凭证。
87009 U|The signature does not match: the session_key was replaced. The user must call wx.login again.|签名错误：session_key 已更换，请让用户重新调用 wx.login。
87014 P|The content is risky: do not publish it.|内容含有违规风险，请勿发布。
89501-89505 C|The administrator must confirm this IP in WeChat first; try again after that.|该 IP 正在等待管理员在微信中确认，确认后再试。
89506 C|The administrator refused this IP: it is blocked for 24 hours.|管理员拒绝了该 IP，24 小时内不可再次申请。
89507 C|The administrator refused this IP: it is blocked for 1 hour.|管理员拒绝了该 IP，1 小时内不可再次申请。
`
