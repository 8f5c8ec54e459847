/** 410xx missing, 420xx expired, 430xx wrong way of calling, 440xx empty. Form: see `core.ts`. */
export const MISSING_OR_REFUSED = `
41005 P|The file is missing: the form needs a part named media, sent with a content-length.|缺少媒体文件数据：表单中须有名为 media 的文件，且带 content-length。
41006 P|media_id is missing.|缺少 media_id 参数。
41007 P|Sub-menu buttons are missing.|缺少子菜单数据。
41010 P|url is missing.|缺少 url 参数。
41011 P|A required field is missing.|缺少必填字段。
41018 P|component_appid is missing.|缺少 component_appid 参数。
41021 P|component_access_token is missing.|缺少 component_access_token 参数。
41028 P|form_id is wrong or has expired; form_id is retired: use subscribeMessages.|form_id 不正确或已过期；form_id 已停用，请改用订阅消息。
41029 P|form_id was already used; form_id is retired: use subscribeMessages.|form_id 已被使用；form_id 已停用，请改用订阅消息。
41030 P|The page does not exist in the released version of the mini program: no leading slash, and release it first.|页面在线上版本中不存在：路径不要以斜杠开头，并请先发布该页面。
41031-41035 P|form_id and prepay_id of this kind are blocked; they are retired: use subscribeMessages.|该 form_id、prepay_id 已被限制；此功能已停用，请改用订阅消息。
42004 T|The plugin token has expired.|插件 token 已过期。
42005 D|The permission to use this API has expired.|接口使用权限已过期。
42006 T|component_access_token has expired: get a new one.|component_access_token 已过期，请重新获取。
42009 U|The temporary token of the client has expired.|客户端临时凭证已过期。
43001 P|This API needs GET.|该接口需要 GET 请求。
43002 P|This API needs POST.|该接口需要 POST 请求。
43003 P|This API needs HTTPS.|该接口需要 HTTPS 请求。
43005 U|The user is not a friend of the account.|需要好友关系。
43006 X|The account or user is blocked.|账号或用户被拦截。
43007 C|This API needs authorisation.|该接口需要授权。
43008 C|This API needs the payment permission.|该接口需要支付权限。
43016 C|The mini program is not verified.|小程序未认证。
43019 U|The recipient is on the blocklist of the account.|接收者在黑名单中。
43100 D|The industry was already changed; this is possible once a month.|修改行业过于频繁：每月一次。
43102 C|The template is not a subscription template of this account.|该模板不是订阅消息模板。
43104 P|The openid belongs to another appid, or there is no permission.|openid 与 appid 不匹配，或没有权限。
43106 X|Adding templates is forbidden for this account.|该账号禁止添加模板。
43107 X|Subscription messages are banned for this account.|订阅消息能力已被封禁。
43302 P|This API needs POST.|该接口需要 POST 请求。
44001 P|The file is empty.|多媒体文件为空。
44002 P|The body is empty.|请求体为空。
44003 P|The article list is empty.|图文内容为空。
44004 P|The text is empty.|文本内容为空。
`
