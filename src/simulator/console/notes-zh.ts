/** What the simulator says of a check or a callback, in the language of the page. It is written in English, for logs and scripts. */
const NOTES: readonly (readonly [RegExp, string])[] = [
  [/^access_token \((\w+), (\d+) s left\)$/, 'access_token（$1，还剩 $2 秒）'],
  [/^appid and secret$/, 'appid 与 secret'],
  [/^appid, scope, redirect_uri and state$/, 'appid、scope、redirect_uri 与 state'],
  [/^code: unused, in time, of this appid$/, 'code：未用过、未过期、属于此 appid'],
  [/^js_code: unused, in time, of this appid$/, 'js_code：未用过、未过期、属于此 appid'],
  [/^login-state signature$/, '登录态签名'],
  [/^sign ([\w-]+)$/, '签名 sign（$1）'],
  [/^sign ([\w-]+) of the (?:query|link)$/, '链接中的签名（$1）'],
  [/^sign ([\w-]+) does not match: (.*)$/, '签名 sign（$1）不符：$2'],
  [/^Authorization (\w+)$/, 'Authorization 签名（证书序列号 $1）'],
  [/^Authorization \((\w+)\)$/, 'Authorization 签名（$1）'],
  [/^Authorization(?: \(\w+\))? does not match(?:: (.*))?$/, 'Authorization 签名不符 $1'],
  [/^another key, or (?:something|fields) that (?:was|were) changed after signing$/, '密钥不同，或签名后又改了内容'],
  [/^client certificate (\w+)$/, '客户端证书 $1'],
  [/^client certificate: (.*)$/, '客户端证书：$1'],
  [/^the root is <(.*)>: only <xml> is read$/, '根节点是 <$1>，只接受 <xml>'],
  [/^decrypted (.*)$/, '已解密 $1'],
  [/^apikey$/, 'apikey'],
  [/^download token$/, '下载凭证'],
  [/^timestamp sign$/, '时间戳防盗链签名'],
  [/^upload token$/, '上传凭证'],
  [/^put policy for (.*)$/, '空间 $1 的上传策略'],
  [/^captcha id$/, '验证码 id'],
  [/^seccode, first use$/, 'seccode：首次使用'],
  [/^template, data, receiver follows$/, '模板、数据，接收者已关注'],
  [/^wx\.config for (.*)$/, 'wx.config：$1'],
  [/^(.*): the page is (.*)$/, '$1：页面地址是 $2'],
  [/^unknown appid$/, '未知的 appid'],
  [/^long-term subscription$/, '长期订阅'],
  [/^subscription, (\d+) left$/, '订阅，还可发 $1 次'],
  [/^(\w+): (\S+), (\d+) bytes$/, '$1：$2，$3 字节'],
  [/^pay_sig \(env (\d)\)$/, 'pay_sig（环境 $1）'],
  [/^signature of the session$/, '用户态签名'],
  [/^API security: signature, appid, time, encryption$/, '接口安全：签名、appid、时间、加密'],
  [/^menu of (\d+) buttons$/, '菜单，$1 个按钮'],
  [/^no simulated host: .*$/, '没有模拟这个域名：请把它放在路径最前面，或用作 Host'],
  [/^fault: (.*)$/, '故障：$1'],
  [/^not sent: (.*)$/, '没有发送：$1'],
  [/^given up: (.*)$/, '已放弃：$1'],
  [/^delivered, attempt (\d+): (.*)$/, '第 $1 次，已送达：$2'],
  [/^not delivered, attempt (\d+): (.*)$/, '第 $1 次，未送达：$2'],
  [/^answered (\d+)$/, '返回 $1'],
  [/^(?:answered|status) (\d+), expected (.*)$/, '返回 $1，应为 $2'],
  [/^status (\d+)$/, '状态码 $1'],
  [/^return_code SUCCESS$/, 'return_code 为 SUCCESS'],
  [/^the body says it was not processed: expected (.*)$/, '响应体没有表明已处理，应为 $1'],
  [/^the body says it was not processed: (.*)$/, '响应体表明没有处理：$1'],
  [/^the response is not of the type application\/json$/, '响应的类型不是 application/json'],
  [/^the response is not JSON$/, '响应不是 JSON'],
  [/^no reply$/, '没有回复'],
  [/^reply (\w+)$/, '回复 $1'],
  [/^the person sees an error: (.*)$/, '用户看到「服务出现故障」：$1'],
  [/^the (\w+) message was ACCEPTED: the signature is not verified$/, '接受了$1消息：没有校验签名'],
  [/^the (\w+) message was refused, as it should be$/, '已拒绝$1消息，符合预期'],
  [/^a SIGNTEST probe was ACCEPTED: the signature is not verified$/, '接受了 SIGNTEST 探测：没有校验签名'],
  [/^probe refused, as it should be$/, '已拒绝探测，符合预期'],
  [/^forged$/, '伪造'],
  [/^unsigned$/, '未签名'],
  [/^server URL verified$/, '服务器地址校验通过'],
  [/^the response is not exactly the echostr$/, '响应与 echostr 不完全一致'],
  [/^neither "success" nor XML or JSON$/, '既不是 success，也不是 XML 或 JSON'],
  [/^a plain response in encrypted mode.*$/, '安全模式下返回了明文'],
  [/^MsgSignature does not fit$/, 'MsgSignature 不符'],
  [/^Encrypt cannot be decrypted, or is for another appid$/, 'Encrypt 无法解密，或属于另一个 appid'],
  [/^the decrypted response is not XML or JSON$/, '解密后不是 XML 或 JSON'],
  [/^MsgType (.*) is not one of a reply$/, 'MsgType $1 不能用于回复'],
  [/^a mini program has no passive replies$/, '小程序没有被动回复'],
  [/^ToUserName and FromUserName are not.*$/, 'ToUserName 与 FromUserName 没有互换'],
  [/^([\w.]+) is missing or empty$/, '缺少 $1，或为空'],
  [/^(\w+) is missing$/, '缺少 $1'],
  [/^Content has more than (\d+) bytes$/, 'Content 超过 $1 字节'],
  [/^TypeError: fetch failed \((.*)\)$/, '连接失败：$1'],
  [/^.*TimeoutError.*$|^.*no response within (\d+) ms.*$/, '超时，没有响应']
]

/** Parts of a sentence that are sentences of their own are translated, too. */
export function inChinese(text: string): string {
  for (const [pattern, zh] of NOTES) {
    const found = pattern.exec(text)
    if (!found) continue
    return zh
      .replace(/\$(\d)/g, (_, i: string) => {
        const part = found[Number(i)] ?? ''
        return part === text ? part : inChinese(part)
      })
      .trim()
  }
  return text
}
