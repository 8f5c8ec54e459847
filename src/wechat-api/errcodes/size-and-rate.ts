/** 450xx size and rate, 460xx not found, 470xx parsing. Form: see `core.ts`. */
export const SIZE_AND_RATE = `
45001 P|The file is larger than its type allows.|多媒体文件大小超过限制。
45002 P|The content is too long.|消息内容超过限制。
45003 P|The title is too long.|标题超过限制。
45004 P|The description is too long.|描述超过限制。
45005 P|The link is too long.|链接超过限制。
45006 P|The link of the picture is too long.|图片链接超过限制。
45007 P|The voice is longer than 60 s.|语音播放时间超过限制。
45008 P|Too many articles: a customer-service message has exactly one.|图文条数超过限制：客服消息只能有一条。
45010 D|The number of menus is used up.|创建菜单个数超过限制。
45012 P|The template is too long.|模板大小超过限制。
45013 P|The arguments of the template are wrong.|模板参数不合法。
45014 P|The template message is too long.|模板消息大小超过限制。
45016 P|System groups cannot be changed.|系统分组不允许修改。
45017 P|The group name is too long.|分组名称过长。
45018 P|Too many groups.|分组数量超过上限。
45026 D|Too many templates: delete some.|模板数量超过限制，请先删除一些。
45027 C|The template does not match the industry of the account.|模板与账号所属行业冲突。
45028 D|No mass messages left.|没有剩余的群发次数。
45034 D|The material store is full: delete some.|素材数量已达上限，请先删除一些。
45035 C|The IP of this machine is not in the list of the console: add it.|调用方 IP 不在白名单中，请添加。
45040 D|The quota of the month is used up.|当月次数已用完。
45056 P|Too many tags: 100 at most.|标签过多：最多 100 个。
45057 C|The tag has more than 100,000 followers: remove it from them first.|该标签下粉丝数超过 10 万，请先取消粉丝的标签。
45058 P|The tags 0, 1 and 2 are system tags and cannot be changed.|不能修改 0、1、2 这三个系统标签。
45059 P|A user can have at most 20 tags.|一个用户最多 20 个标签。
45064 C|The mini program in the menu is not linked to this account: link it in the console.|菜单中的小程序未与该公众号关联，请先在后台关联。
45065 N|A message with this clientmsgid was already sent; the response contains its msg_id.|相同 clientmsgid 的消息已发送过，返回中带有其 msg_id。
45066 M|The same clientmsgid was retried too soon: wait a minute.|相同 clientmsgid 重试过快，请间隔 1 分钟。
45067 P|clientmsgid is longer than 64 bytes.|clientmsgid 超过 64 字节。
45072 P|command must be Typing or CancelTyping.|command 只能是 Typing 或 CancelTyping。
45080 U|The typing state needs a message of the user in the last 30 s.|下发输入状态需要用户在 30 秒内有过互动。
45081 N|The typing state is already on.|已处于输入状态。
45083,45084 P|The speed of the mass message is wrong.|群发速度参数不合法。
45087 X|Customer-service messages of this account are blocked.|该账号的客服消息已被封禁。
45102 X|The API is temporarily blocked.|接口被临时封禁。
45103 C|The API is no longer supported.|接口已不再支持。
45157 P|The tag name is invalid or already exists.|标签名非法或已存在。
45158 P|The tag name is longer than 30 bytes.|标签名超过 30 字节。
45159 P|The tag id is wrong.|标签 id 不合法。
45168 P|The text contains blocked words.|内容含有黑名单中的敏感词。
46001 N|This media does not exist.|媒体数据不存在。
46002 N|This version of the menu does not exist.|菜单版本不存在。
46003 N|The account has no menu.|账号没有自定义菜单。
46004 N|This user does not exist.|用户不存在。
47001 P|The body is not JSON (or XML).|请求体无法解析为 JSON 或 XML。
47002 P|Send UTF-8 instead of \\uXXXX escapes.|请用 UTF-8 代替 \\uXXXX 转义。
47003 P|A value of the template data has the wrong format; the message names the field.|模板数据的值不符合规则，errmsg 中指出了字段。
47501 P|activity_id is wrong.|activity_id 不正确。
47502 P|target_state is wrong.|target_state 不正确。
47503 P|version_type is wrong.|version_type 不正确。
47504 N|activity_id has expired.|activity_id 已过期。
`
