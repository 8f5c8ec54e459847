/** Templates that every account may use (默认模板), by id. `#company#` is the sign. */
export const DEFAULT_TEMPLATES: ReadonlyMap<number, string> = new Map([
  [1, '【#company#】您的验证码是#code#'],
  [2, '【#company#】您的验证码是#code#。如非本人操作，请忽略本短信'],
  [3, '【#company#】#app#的验证码是#code#，#minute#分钟内有效'],
  [4, '【#company#】您的验证码是#code#，#minute#分钟内有效'],
  [5, '【#company#】正在找回密码，您的验证码是#code#'],
  [6, '【#company#】您的订单#order#已发货，请注意查收']
])
