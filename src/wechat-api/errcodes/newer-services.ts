/** API security (API安全), publishing (发布能力), comments (留言), order shipping (发货信息管理) and virtual payment (虚拟支付). Form: see `core.ts`. */
export const NEWER_SERVICES = `
40230-40233 C|This call must be encrypted and signed: set the option apiSecurity with the keys of the console.|该接口要求加密和签名：请用后台「API安全」中的密钥配置 apiSecurity。
40234 C|The signature of the request is wrong: compare privateKey and privateKeySn with the console.|请求签名错误：请核对 privateKey、privateKeySn 与后台是否一致。
40235 C|The request cannot be decrypted: compare symmetricKey with the console.|请求无法解密：请核对 symmetricKey 与后台是否一致。
40236,40237 C|The appid of the signature is not that of the access token.|签名中的 appid 与 access_token 不属于同一账号。
40238 C|No symmetric key is set in the console.|后台未设置对称密钥。
40239 C|No public key is set in the console, or a different one.|后台未设置公钥，或公钥编号不一致。
40240 P|The timestamp of the request is too old: check the clock of this machine.|请求时间戳已过期，请检查本机时钟。
40059 P|There is no mass message with this msg_id.|群发消息 id 不存在。
45159 P|The tag does not exist.|标签不存在。
45166 P|The content is not allowed.|内容不合法。
53503 N|The draft did not pass the review: correct it in the console.|草稿未通过发布检查，请在后台修改。
53504 C|This draft must be published in the console.|该草稿需要在公众平台官网发布。
53505 C|This draft must be saved in the console once, then published.|请先在公众平台官网手动保存草稿后再发布。
53600 P|There is no published article with this id.|已发布文章 id 不存在。
88000 C|The account has no permission for comments.|账号没有留言权限。
88001 P|The article does not exist: use the msg_data_id of the mass message.|文章不存在，请使用群发返回的 msg_data_id。
88002,88011 X|The article is restricted for safety.|文章因安全原因受限。
88003 D|No more comments can be featured.|精选留言数已达上限。
88004 N|The comment was deleted by its author.|留言已被用户删除。
88005 N|The comment already has a reply.|已经回复过。
88007 P|The reply is empty or too long.|回复内容为空或超长。
88008 P|The comment does not exist.|留言不存在。
88009 P|The reply does not exist.|回复不存在。
88010 P|count must be 1 to 49.|count 只能是 1 到 49。
10060001 N|The payment is not in the shipping service: retry a minute after the payment; if that fails, check the number and the appid.|发货管理中没有这笔支付单：支付完成一分钟后再试，否则请检查单号与 appid。
10060002 N|The order is already fully shipped: treat it as success.|订单已全部发货，可视为成功。
10060003 N|The shipping was already changed once: no further change is possible.|重新发货的机会已用完，不能再修改。
10060004 N|The order cannot be shipped in this state: it was refunded, or its receipt was confirmed.|当前状态不能发货：订单已退款或已确认收货。
10060005 P|logistics_type must be 1 to 4.|logistics_type 只能是 1 到 4。
10060006 P|Split delivery is for express only.|只有实体物流（快递）可以分拆发货。
10060007 P|is_all_delivered is required for split delivery.|分拆发货必须填写 is_all_delivered。
10060008,10060020 P|A description of the items is missing.|缺少商品描述 item_desc。
10060009 P|item_desc has more than 120 characters.|商品描述超过 120 个字。
10060011 P|last_index is wrong: use the value of the previous page.|last_index 不正确，请使用上一页返回的值。
10060012,10060019 B|The shipping service is busy: query the order, then retry.|系统错误，请先查询订单再重试。
10060013 P|A sub-order of the combined order is listed twice.|合单中的子单重复。
10060014 P|A parameter is wrong; errmsg says which.|参数错误，详见 errmsg。
10060023 N|Nothing changed: treat it as success.|发货信息没有变化，可视为成功。
10060024 P|More than 15 parcels.|物流信息超过 15 条。
10060025 P|express_company is too long: use a delivery_id from orderShipping.carriers.|物流公司编码过长，请使用运力列表中的 delivery_id。
10060026 P|tracking_no is too long.|物流单号过长。
10060028 N|The order is not in the state "shipped".|订单不处于已发货状态。
10060029 P|received_time is before the shipping.|签收时间早于发货时间。
10060030 N|The buyer was already reminded: treat it as success.|已经提醒过，可视为成功。
10060031 P|The order belongs to another openid: check payer and appid.|订单不属于该 openid，请检查支付者与 appid。
10060032 P|Reminders are only possible for express deliveries.|只有快递订单可以提醒收货。
268485194 P|order_number_type must be 1 or 2.|order_number_type 只能是 1 或 2。
268485195-268485197 P|A part of order_key is missing.|order_key 缺少字段。
268485216 P|upload_time must be RFC 3339 with a time zone.|upload_time 必须是带时区的 RFC 3339 格式。
268485224 P|delivery_mode must be 1 or 2.|delivery_mode 只能是 1 或 2。
268485226,268485227 P|Express needs tracking_no and express_company.|快递发货必须填写物流单号与物流公司。
268485228 P|Unified delivery needs exactly one entry in shipping_list.|统一发货只能有一条物流信息。
268485253 P|All keys of a combined order must have the same order_number_type.|合单中各 order_key 的 order_number_type 必须一致。
268486048 N|This account has already applied.|该账号已经申请过。
268546000 P|type must be 1 or 2.|type 只能是 1 或 2。
268546001 P|delay_to must be more than 15 and at most 330 days after the payment.|delay_to 必须在支付后 15 天以上、330 天以内。
268546002 N|There is no unshipped order with this number.|没有该单号的未发货订单。
268490001 P|openid is wrong or missing.|openid 错误或缺失。
268490002 P|A field is wrong; errmsg says which.|请求字段错误，详见 errmsg。
268490003 C|pay_sig or signature is wrong: compare the appKey of the env, and sign exactly the bytes that are sent.|签名错误：请检查 env 对应的 appKey，并确认签名的就是发出的字节。
268490004 N|Already done by an earlier call with the same number: treat it as success.|重复操作，此前已成功，可视为成功。
268490005 N|Already refunded by cancelCurrencyPay.|订单已通过 cancel_currency_pay 退款。
268490006 U|Not enough coins.|代币余额不足。
268490007 P|The picture or text is not allowed.|图片或文字含有敏感内容。
268490008 C|The coin is not published.|代币尚未发布。
268490009 U|The session_key is missing or has expired: the user must log in again.|用户 session_key 不存在或已过期，请重新登录。
268490011 B|The data is being generated: try again later.|数据生成中，请稍后再试。
268490012 B|A batch task is running: wait until it ends.|批量任务运行中，请稍后再试。
268490013 N|The order was redeemed and cannot be refunded.|订单已核销，不能退款。
268490014 N|The refund is in progress: retry later with the same parameters.|退款进行中，请稍后用相同参数重试。
268490015 M|Too many calls: slow down.|调用过于频繁，请降低频率。
268490016 N|left_fee differs from what can still be refunded: query the order, then try again.|left_fee 与可退金额不一致，请查询订单后重试。
268490018-268490024 C|The advertising account cannot be used; errmsg says why.|广告金账户不可用，详见 errmsg。
`
