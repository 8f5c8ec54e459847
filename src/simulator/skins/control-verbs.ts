import type { SteeredSimulator } from '../steered-simulator.ts'
import { json } from './control-answer.ts'
import { usages } from './usage.ts'

/** What a person does, `/-/users/<id>/<verb>`, with the JSON arguments that it takes. */
const PERSON = usages(`
  login(options?: object)
  appLogin(options?: object)
  encryptedData(fields?: object, options?: object)
  encryptedProfile(options?: object)
  encryptedPhone(options?: object)
  phoneCode(options?: object)
  authorize(url: text, options?: object)
  subscribeOnce(url: text, options?: object)
  subscribe(templateIds: text|texts, options?: object)
  unsubscribe(templateIds: text|texts, options?: object)
  follow(options?: object)
  unfollow(options?: object)
  scan(ticket: text)
  scanCode(picture: text)
  send(message: text|object, options?: object)
  click(key: text, options?: object)
  event(fields: object, options?: object)
  openMiniProgram(options?: object)
  enterChat(options?: object)
  recordVoice(base64?: text, options?: object)
  messages(options?: object)
  openid(account?: text)
  unionid(account?: text)
  pay(target: text|object, options?: object)
  paymentCode(options?: object)
  enterPassword(options?: object)
  confirmTransfer(target: text, options?: object)
  authorizeTransfers(target: text)
  endTransferAuthorization(target: text)
  openRedPack(target: text)
  complain(outTradeNo: text, detail?: text)
  openBusinessView(view: object)
  beginServicePayment(outOrderNo: text)
  payServiceOrder(outOrderNo: text)
  endServicePermission(authorizationCode: text)
  signContract(target: text|object)
  endContract(target: text)
  comment(msgDataId: text|number, content: text, options?: object)
  buyVirtual(params: object, options?: object)
  askIosRefund(outTradeNo: text, options?: object)
  confirmReceipt(transactionId: text, options?: object)
  smsInbox()
  smsCode()
  replySms(text: text)
  solveCaptcha(challenge: text, options?: object)
`)

/** @internal Verbs of everybody. */
export const PERSON_VERBS = [...PERSON.keys()].sort()

/** What a test may change in a service, `/-/<service>/<verb>`: what needs nothing but JSON. */
const SERVICES = {
  wechat: usages(`
    addTemplate(template: object)
    addSubscribeTemplate(template: object)
    limitCalls(path: text, limit: object)
    invalidateTokens(account?: text)
    freezeSecret(frozen: flag, account?: text)
    setPages(pages: texts, account?: text)
    setRiskRank(openid: text, rank: number, account?: text)
    messages()
    verifyServer(account?: text)
    forgeMessages(count?: number)
    unsignMessages(count?: number)
    checkJssdkConfig(config: object, url: text)
  `),
  pay: usages(`
    balance(mchId: text)
    changeSettings(changes: object)
    expireOrder(outTradeNo: text)
    expireTransfer(outBillNo: text)
    refundInPlatform(outTradeNo: text, fen?: number)
    expireRedPack(mchBillno: text)
    failTransfers(reason: text)
    forgeNotifications(count?: number)
    nextRefunds(outcome: text)
    order(outTradeNo: text)
    probeResponses(count?: number)
    probeNotifications(count?: number)
    rotatePlatformCertificate()
    setBalance(mchId: text, fen: number)
    settleRefund(outRefundNo: text, status?: text)
  `),
  qiniu: usages(`
    object(key: text, bucket?: text)
    objects(bucket?: text)
    put(key: text, data: text, options?: object)
    remove(key: text, bucket?: text)
    bucket(name: text, settings?: object)
    signCallbacksWith(scheme: text)
    source(url: text, data: text, mimeType?: text)
    failProcessing(command: text, error?: text)
    job(persistentId: text)
    freeze(isFrozen?: flag, accessKey?: text)
    expireUploads()
  `),
  yunpian: usages(`
    inbox(mobile: text)
    messages()
    latest(mobile?: text)
    setLimits(limits: object)
    addTemplate(content: text, options?: object)
    reviewTemplate(id: number, status: text, reason?: text)
    reviewSign(sign: text, status: text)
    failNumber(mobile: text, errorMsg?: text, errorDetail?: text)
    recoverNumber(mobile: text)
    blockNumber(mobile: text, isBlocked?: flag)
    blockWord(word: text)
    setBalance(yuan: number, apiKey?: text)
    setPushUrls(urls: object)
    reply(mobile: text, text: text, options?: object)
  `),
  geetest: usages(`
    solve(challenge: text, options?: object)
    setDown(isDown?: flag)
  `)
} as const

type ServiceName = keyof typeof SERVICES

/** @internal */
export const SERVICE_NAMES = Object.keys(SERVICES) as ServiceName[]

type Target = Readonly<Record<string, unknown>>

/** Verbs that a person has. */
function verbsOf(person: Target): string[] {
  const own = Object.entries(person).filter(([, value]) => typeof value === 'function')
  return own.map(([name]) => name).sort()
}

async function call(does: unknown, target: Target, args: readonly unknown[]): Promise<Response> {
  if (typeof does !== 'function') throw new TypeError('not a function')
  const given = args.map((one) => one ?? undefined)
  return json({ result: (await Reflect.apply(does, target, given)) ?? null })
}

const notAList = (usage: string) =>
  json({ error: `the body must be a JSON list of arguments, e.g. [] — ${usage}`, usage }, 400)

/** @internal `/-/users/ming/send` with a list of arguments. */
export async function actAs(simulator: SteeredSimulator, id: string, verb: string, args: unknown): Promise<Response> {
  const person: Target = { ...simulator.user(id) }
  const names = verbsOf(person)
  if (!names.includes(verb)) return json({ error: `a person has no verb ${verb}`, verbs: names }, 404)
  const usage = PERSON.get(verb)
  if (!Array.isArray(args)) return notAList(usage?.text ?? verb)
  const problem = usage?.problem(args)
  if (problem) return json({ error: problem, usage: usage?.text }, 400)
  // Bytes come as base64.
  if (verb === 'recordVoice' && typeof args[0] === 'string') args[0] = Buffer.from(args[0], 'base64')
  return await call(person[verb], person, args)
}

/** @internal `/-/pay/probeNotifications` with a list of arguments. */
export async function steer(
  simulator: SteeredSimulator,
  service: ServiceName,
  verb: string,
  args: unknown
): Promise<Response> {
  const known = SERVICES[service]
  const usage = known.get(verb)
  if (!usage) {
    const verbs = [...known.values()].map(({ text }) => text)
    return json({ error: `${service} has no verb ${verb}`, verbs }, 404)
  }
  if (!Array.isArray(args)) return notAList(usage.text)
  // Several outcomes at once are a list of texts.
  const isMany = ['failTransfers', 'nextRefunds'].includes(verb) && args.every((one) => typeof one === 'string')
  const problem = isMany ? undefined : usage.problem(args)
  if (problem) return json({ error: problem, usage: usage.text }, 400)
  const target: object = simulator[service]
  if (verb === 'setLimits') return json({ result: simulator.yunpian.setLimits(args[0]) })
  return await call(Reflect.get(target, verb), target as Target, args)
}
