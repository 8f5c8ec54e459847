import { timingSafeEqual } from 'node:crypto'
import { browserChallenge, type GeetestDigest, seccodeAnswer } from '../crypto/geetest.ts'
import type { Exchange } from '../framework/exchange.ts'
import { CAPTCHA_LIFE_MS, type GeetestState } from './state.ts'

const DIGESTS: readonly string[] = ['md5', 'sha256', 'hmac-sha256']

function accountOf(state: GeetestState, exchange: Exchange, captchaId: string | null) {
  const account = state.context.accounts.geetest.find((one) => one.captchaId === captchaId)
  if (account) exchange.account = account.captchaId
  return account
}

/** GET register.php */
export function register(state: GeetestState, exchange: Exchange): Response {
  const { query } = exchange
  const account = accountOf(state, exchange, query.get('gt'))
  const digest = query.get('digestmod') ?? 'md5'
  // Without json_format the response is the bare challenge, as the oldest SDKs want it.
  const answer = (challenge: string) =>
    query.get('json_format') === '1' ? Response.json({ challenge }) : new Response(challenge)
  if (state.isDown) return unavailable()
  if (!account || !DIGESTS.includes(digest)) return answer('0')
  exchange.verified('captcha id')
  const { random, clock } = state.context
  const origin = random.hex(32)
  const challenge = browserChallenge(digest as GeetestDigest, origin, account.privateKey)
  const registeredAt = clock.now()
  state.captchas.set(challenge, {
    captchaId: account.captchaId,
    challenge,
    registeredAt,
    solutions: [],
    used: false
  })
  return answer(origin)
}

/** POST validate.php: once per captcha, whatever comes of it. */
export function validate(state: GeetestState, exchange: Exchange): Response {
  const form = exchange.form()
  const answer = (seccode: string) =>
    form.get('json_format') === '1' ? Response.json({ seccode }) : new Response(seccode)
  const seccode = form.get('seccode') ?? ''
  const account = accountOf(state, exchange, form.get('captchaid') ?? form.get('gt'))
  const challenge = form.get('challenge')
  if (state.isDown) return unavailable()
  const known = state.seccodes.get(seccode)
  // A wrong seccode uses up the captcha of the challenge that came with it, or one could guess on.
  const captcha = state.captchas.get(known ?? '') ?? findByReturned(state, challenge)
  if (!account || !captcha || captcha.captchaId !== account.captchaId) return answer('false')
  const wasUsed = captcha.used
  captcha.used = true
  if (wasUsed || state.context.clock.now() - captcha.registeredAt >= CAPTCHA_LIFE_MS) return answer('false')
  const fits = captcha.solutions.some(
    (solution) => equals(solution.seccode, seccode) && (challenge === null || solution.challenge === challenge)
  )
  if (!fits) return answer('false')
  exchange.verified('seccode, first use')
  return answer(seccodeAnswer(seccode))
}

function unavailable(): Response {
  return new Response('Service Unavailable', { status: 503 })
}

function findByReturned(state: GeetestState, challenge: string | null) {
  if (challenge === null) return undefined
  return state.captchas.get(challenge) ?? state.captchas.get(challenge.slice(0, -2))
}

function equals(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
