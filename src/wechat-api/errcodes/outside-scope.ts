/** 85xxx to 91xxx, 9001xxx, and the local codes of sample libraries. Form: see `core.ts`. */
export const OUTSIDE_SCOPE = `
85096 P|The query of the path uses a reserved name (scancode_time).|path 参数中使用了保留字段 scancode_time。
85000-85999 P|Code management, audit, domains and QR rules of mini programs: see errmsg and the document of the API.|小程序代码管理、审核、域名与二维码规则类错误，请查看 errmsg 与接口文档。
86000-86999 P|Submission of a mini program: see errmsg and the document of the API.|小程序提交审核类错误，请查看 errmsg 与接口文档。
87007 U|session_key is missing or has expired: the user must call wx.login again.|session_key 不存在或已过期，请让用户重新调用 wx.login。
87008 P|sig_method must be hmac_sha256.|sig_method 只能是 hmac_sha256。
87013 D|The quota of rollbacks is used up.|回退次数已达上限。
87015 B|The content check timed out: send less text and try again.|内容检测超时，请减少内容后重试。
87016-87019 P|A limit of the user storage (number or size of the items) is exceeded.|用户云存储的数量或大小超过限制。
89002 C|No Open Platform account is bound to this account: bind one, or do not use unionid.|未绑定微信开放平台账号，请先绑定，或不使用 unionid。
89300 P|The order is wrong, unpaid, or older than 5 minutes.|订单无效、未支付，或已超过 5 分钟。
89401-89405 D|Expedited review is not possible or used up: see errmsg.|加急审核不可用或次数已用完，请查看 errmsg。
89408-89432 P|Half-screen mini programs: see errmsg and the document of the API.|半屏小程序类错误，请查看 errmsg 与接口文档。
91001-91017 P|Renaming of a mini program: see errmsg and the document of the API.|小程序改名类错误，请查看 errmsg 与接口文档。
9001002 B|The remote service of Shake-around is not available; the product is retired.|摇一摇周边远端服务不可用；该产品已停止服务。
9001001-9001036 P|Shake-around (nearby devices); the product is retired.|摇一摇周边类错误；该产品已停止服务。
-40001 C|Local code of the message samples: the signature does not match; compare token and EncodingAESKey.|消息加解密示例的本地码：签名不匹配，请核对 token 与 EncodingAESKey。
-40002 P|Local code of the message samples: the XML could not be read.|消息加解密示例的本地码：XML 解析失败。
-40003 P|Local code of the message samples: the signature could not be computed.|消息加解密示例的本地码：签名计算失败。
-40004 C|Local code of the message samples: the EncodingAESKey must have 43 characters.|消息加解密示例的本地码：EncodingAESKey 应为 43 个字符。
-40005 C|Local code of the message samples: the message is for another appid.|消息加解密示例的本地码：消息的 appid 不一致。
-40006 P|Local code of the message samples: encryption failed.|消息加解密示例的本地码：加密失败。
-40007 C|Local code of the message samples: decryption failed; compare the EncodingAESKey.|消息加解密示例的本地码：解密失败，请核对 EncodingAESKey。
-40008 P|Local code of the message samples: the decrypted bytes do not have the documented format.|消息加解密示例的本地码：解密后的内容不合法。
-40009,-40010 P|Local code of the message samples: Base64 failed.|消息加解密示例的本地码：Base64 编解码失败。
-40011,-40012 P|Local code of the message samples: the reply could not be made.|消息加解密示例的本地码：回复生成失败。
-41001 P|Local code of the open-data samples: session_key must be 24 Base64 characters.|开放数据示例的本地码：session_key 应为 24 个 Base64 字符。
-41002 P|Local code of the open-data samples: iv must be 24 Base64 characters.|开放数据示例的本地码：iv 应为 24 个 Base64 字符。
-41003 U|Local code of the open-data samples: decryption failed; often a + that became a space, or a session_key replaced by a later wx.login.|开放数据示例的本地码：解密失败，常见原因是 + 变成了空格，或 session_key 已被新的 wx.login 替换。
-41004 P|Local code of the open-data samples: Base64 failed.|开放数据示例的本地码：Base64 解码失败。
`
