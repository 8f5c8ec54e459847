/** 480xx and 500xx permission, 61xxx platform and customer service, 63xxx, 65xxx, 76xxx. Form: see `core.ts`. */
export const PERMISSION_AND_PLATFORM = `
48003 C|The protocol of mass messages is not accepted: log in to the console and accept it.|未同意群发协议，请登录后台勾选。
48005 C|The material is in use and cannot be deleted.|素材被引用，不能删除。
48007 P|The key of the VoIP call is invalid.|VoIP 通话 key 不合法。
48008 C|The account may not send messages of this type.|没有该类型消息的发送权限。
48009 C|The API is retired.|接口已下线。
48011 C|The template is disabled.|模板已被停用。
48012 P|The token is of the wrong kind for this API.|该接口使用的 token 类型不正确。
50003 C|The user is not on the allowlist.|用户不在白名单中。
50006 U|The user switched off the friend authorisation.|用户关闭了好友授权。
50007 X|The account is disabled: see the console.|账号已被停用，请查看后台通知。
61000 C|The appid is not a third-party platform.|appid 不是第三方平台类型。
61001 C|The appid of the third-party platform is wrong.|第三方平台 appid 不正确。
61002 C|The third-party platform is not open.|第三方平台未全网发布。
61003 C|The account has not authorised this third-party platform.|该账号未授权给此第三方平台。
61004 C|The IP of this machine is not registered: add it to the IP list of the console.|调用方 IP 未登记，请在后台 IP 白名单中添加。
61005 B|component_verify_ticket has expired: wait for the next one, which is sent every 10 minutes.|component_verify_ticket 已过期，请等待下一次推送（每 10 分钟一次）。
61006 P|component_verify_ticket is wrong.|component_verify_ticket 不正确。
61007 C|This API is not granted to the third-party platform.|该接口未授权给第三方平台。
61008 P|The key of the third-party platform is a duplicate.|第三方平台 key 重复。
61009 P|The authorisation code is wrong.|授权码不正确。
61010 U|The authorisation code has expired. For security checks: the openid did not use the mini program in the last 2 hours.|授权码已过期；对内容安全接口而言：该 openid 近 2 小时未使用小程序。
61011 P|The third-party platform is wrong.|第三方平台不合法。
61012 P|The name of the option is wrong.|选项名称不合法。
61013 P|The value of the option is wrong.|选项值不合法。
61014 C|This API needs the token of the third-party platform.|该接口须用第三方平台的 token。
61015 C|This API needs the token of the account.|该接口须用账号的 token。
61016 C|The function category is not confirmed.|功能分类未确认。
61017 C|The function category is not authorised.|功能分类未授权。
61023 U|authorizer_refresh_token is wrong: the account must authorise again.|authorizer_refresh_token 不正确，请重新授权。
61450 B|System error of customer service: try again.|客服系统错误，请稍后重试。
61451 P|A parameter is wrong.|参数错误。
61452 P|kf_account is wrong: prefix@account.|客服账号 kf_account 不合法，格式为 前缀@公众号微信号。
61453 N|kf_account already exists.|客服账号已存在。
61454 P|The name of the kf_account is longer than 10 characters.|客服账号名长度超过 10 个字符。
61455 P|The kf_account may contain only letters and digits.|客服账号名只能由字母和数字组成。
61456 D|Too many kf_accounts.|客服账号个数超过限制。
61457 P|The file type of the avatar is wrong: it must be jpg.|客服头像文件类型不合法，应为 jpg。
61500 P|The date has the wrong format.|日期格式错误。
61501 P|The date range is wrong.|日期范围错误。
61503 B|The data of this day is not ready: try again later.|当日数据尚未就绪，请稍后再试。
63001 P|A parameter is missing.|缺少参数。
63002 P|The JS-SDK signature is wrong: compare jssdk.explain() with the URL of the page.|JS-SDK 签名错误：请用 jssdk.explain() 与页面地址比对。
63178 P|from_appid is not the account that was migrated to this one.|from_appid 不正确，与当前账号没有迁移关系。
63182 P|openid_list is empty.|openid_list 为空。
63183 C|The account has no migration: openids are kept for 15 days after it.|账号没有迁移关系；迁移完成 15 天后接口失效。
65301 N|This conditional menu does not exist.|不存在此个性化菜单。
65302 N|This user does not exist.|没有对应的用户。
65303 C|There is no default menu: create it before a conditional one.|没有默认菜单，不能创建个性化菜单。
65304 P|matchrule is empty.|个性化菜单的 matchrule 为空。
65305 D|Too many conditional menus.|个性化菜单数量受限。
65306 C|This type of account has no conditional menus.|该类型的账号不支持个性化菜单。
65307 P|The conditional menu is empty.|个性化菜单信息为空。
65308 P|A button has no action.|包含没有响应类型的按钮。
65309 C|Conditional menus are switched off.|个性化菜单开关处于关闭状态。
65310 P|The country is required.|填写了省份或城市，国家不能为空。
65311 P|The province is required.|填写了城市，省份不能为空。
65312 P|The country is wrong.|国家信息不合法。
65313 P|The province is wrong.|省份信息不合法。
65314 P|The city is wrong.|城市信息不合法。
65316 P|The menu links to more than 3 external domains.|菜单指向的外部域名超过 3 个。
65317 P|A url of the menu is wrong.|菜单 url 不合法。
76001 N|This rid is unknown.|rid 不存在。
76002 P|rid is empty or has the wrong format.|rid 为空或格式错误。
76003 P|This rid belongs to another account.|该 rid 属于其他账号。
76004 N|This rid is older than 7 days.|该 rid 已超过 7 天。
76021 P|cgi_path is wrong: with leading slash, without query.|cgi_path 错误：以斜杠开头，不带参数。
76022 P|The token belongs to another account.|token 与账号不匹配。
`
