/** 400xx and 401xx: a value is invalid. Form: see `core.ts`. */
export const INVALID_VALUE = `
40004 P|The media type is wrong: image, voice, video or thumb.|媒体类型不合法：只能是 image、voice、video 或 thumb。
40005 P|The file type is not accepted for this media type.|上传的文件类型不合法。
40006 P|The file is too large or empty.|文件大小不合法。
40007 P|The media_id is wrong or has expired: temporary material expires after 3 days, so upload it again.|media_id 不正确或已过期：临时素材有效期 3 天，请重新上传。
40008 P|The message type (msgtype) is wrong.|消息类型（msgtype）不合法。
40009 P|The picture is too large (10 MB; 1 MB for article pictures).|图片大小超限（10 MB；图文内图片 1 MB）。
40010 P|The voice file is too large (2 MB, 60 s).|语音大小超限（2 MB、60 秒）。
40011 P|The video is too large (10 MB).|视频大小超限（10 MB）。
40012 P|The thumbnail is too large (64 KB).|缩略图大小超限（64 KB）。
40015 P|The type of the menu is wrong.|菜单类型不合法。
40016 P|Wrong number of menu buttons: 1 to 3.|菜单按钮个数不合法：1 至 3 个。
40017 P|The type of a menu button is wrong.|菜单按钮类型不合法。
40018 P|The name of a menu button is too long (16 bytes) or empty.|菜单按钮名称长度不合法（最多 16 字节）。
40019 P|The key of a menu button is too long (128 bytes) or missing.|菜单按钮 key 长度不合法（最多 128 字节）。
40020 P|The url of a menu button is too long (1024 bytes) or missing.|菜单按钮 url 长度不合法（最多 1024 字节）。
40021 P|The version of the menu is wrong.|菜单版本号不合法。
40022 P|Too many levels of sub-menu: only two are allowed.|子菜单级数不合法：最多两级。
40023 P|Too many sub-menu buttons: 5 at most.|子菜单按钮个数不合法：最多 5 个。
40024 P|The type of a sub-menu button is wrong.|子菜单按钮类型不合法。
40025 P|The name of a sub-menu button is too long (60 bytes) or empty.|子菜单按钮名称长度不合法（最多 60 字节）。
40026 P|The key of a sub-menu button is too long (128 bytes) or missing.|子菜单按钮 key 长度不合法（最多 128 字节）。
40027 P|The url of a sub-menu button is too long (1024 bytes) or missing.|子菜单按钮 url 长度不合法（最多 1024 字节）。
40028 P|The user for testing the conditional menu is wrong.|测试个性化菜单所用的用户不合法。
40031 P|The list of openids is wrong.|openid 列表不合法。
40032 P|The list of openids has too many or too few entries.|openid 列表长度不合法。
40033 P|The body must not contain \\uXXXX escapes: send raw UTF-8.|请求体不能包含 \\uXXXX 转义，请直接发送 UTF-8。
40035 P|A parameter is wrong.|参数不合法。
40036 P|template_id has the wrong length.|template_id 长度不正确。
40037 P|template_id is wrong or belongs to another account.|template_id 不正确，或不属于该账号。
40038 P|The format of the request is wrong.|请求格式不合法。
40039 P|A url has the wrong length.|url 长度不合法。
40048 P|The domain of a url is not allowed.|url 域名不合法。
40050 P|The group id is wrong.|分组 id 不合法。
40051 P|The group name is wrong.|分组名称不合法。
40053 P|action_info of the QR code is wrong: see the limits of scene_id and scene_str.|二维码 action_info 不合法，请检查 scene_id、scene_str 的范围。
40054 P|The domain of a sub-menu url is not allowed.|子菜单 url 域名不合法。
40055 P|The domain of a menu url is not allowed.|菜单 url 域名不合法。
40060 P|article_idx is wrong.|删除图文时 article_idx 不合法。
40066 P|The path of the API is wrong, or a sitemap blocks the page.|接口路径错误，或页面被 sitemap 屏蔽。
40090 P|The IP of the end user is wrong.|用户 IP 不合法。
40097 P|An argument or the body is wrong.|参数或请求体错误。
40102 P|The industry id is wrong.|行业 id 不合法。
40117 P|The group name is wrong.|分组名称不合法。
40118 P|The media_id has the wrong length.|media_id 长度不合法。
40119,40120 P|The type of a button is wrong.|button 类型错误。
40121 P|The media_id is for another type of media than the call needs.|media_id 类型不合法。
40129 P|scene is wrong.|scene 参数错误。
40131 P|Too many tickets in one call.|ticket 数量过多。
40132 P|The WeChat id is wrong.|微信号不合法。
40133 P|The encrypted data is wrong.|加密数据不合法。
40137 P|The format of the picture is not accepted.|图片格式不支持。
40141 P|The url of the picture is wrong.|图片 url 不合法。
40155 P|Links to the profile page of another account are not allowed.|请勿添加其他公众号的主页链接。
40159 P|path is too long or empty, or the body is not JSON.|path 长度不合法，或请求体不是 JSON。
40165 P|pagepath of the mini program is wrong.|小程序 pagepath 不正确。
40166 P|The appid of the mini program is wrong or it is not linked to this account.|小程序 appid 不正确，或未与该账号关联。
40169 P|scene is too long or empty, or the body is not JSON.|scene 长度不合法，或请求体不是 JSON。
40185 P|auth_token is wrong.|auth_token 不合法。
40212 P|query has characters that links do not take: encode its values with encodeURIComponent.|query 含有不支持的字符，请用 encodeURIComponent 对参数值编码。
`
