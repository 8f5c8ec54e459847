const YEAR_DATE = String.raw`\d{4}(?:年\d{1,2}月\d{1,2}日|[-/.]\d{1,2}[-/.]\d{1,2})`
const CLOCK = String.raw`\d{1,2}:\d{2}(?::\d{2})?`
const TIME = `(?:${YEAR_DATE} ?)?${CLOCK}`
const DATE = `${YEAR_DATE}(?: ?${CLOCK})?`
const range = (one: string) => new RegExp(`^${one}(?: ?~ ?(?:${one}|${CLOCK}))?$`)
const characters = (text: string) => [...text].length
const isCjk = (text: string) => /^[\p{Script=Han}·]+$/u.test(text)

/** What a value of a subscribe message may be, by the kind in its name (参数值限制说明). */
const RULES: Readonly<Record<string, (value: string) => boolean>> = {
  thing: (value) => characters(value) <= 20,
  number: (value) => /^-?\d+(\.\d+)?$/.test(value) && value.length <= 32,
  letter: (value) => /^[A-Za-z]{1,32}$/.test(value),
  symbol: (value) => characters(value) <= 5 && !/[\p{L}\p{N}]/u.test(value),
  character_string: (value) => /^[\x21-\x7e]{1,32}$/.test(value),
  time: (value) => range(TIME).test(value),
  date: (value) => range(DATE).test(value),
  amount: (value) => /^[¥￥$€£]?\d{1,10}(\.\d+)?元?$/.test(value),
  phone_number: (value) => /^[\d+\-() ]{1,17}$/.test(value),
  car_number: (value) => characters(value) <= 8,
  name: (value) => (isCjk(value) ? characters(value) <= 10 : /^[A-Za-z .·]{1,20}$/.test(value)),
  phrase: (value) => isCjk(value) && characters(value) <= 5,
  enum: (value) => value.length > 0
}

/** Whether `value` may stand under a parameter such as `thing2`. */
export function isSubscribeValue(key: string, value: string): boolean {
  const rule = RULES[key.replace(/\d+$/, '')]
  // Line breaks and control characters are refused for every kind.
  return value !== '' && !/\p{Cc}/u.test(value) && (rule?.(value) ?? true)
}
