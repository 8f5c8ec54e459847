import { expectTypeOf, it } from 'vitest'
import { Geetest, type GeetestChallenge, type Validation } from 'weixin-kit/geetest'

const geetest = new Geetest({ captchaId: 'id', privateKey: 'key' })

it('registers for a session', () => {
  expectTypeOf(geetest.register).returns.resolves.toHaveProperty('challenge').toEqualTypeOf<GeetestChallenge>()
  // @ts-expect-error a challenge belongs to a session
  geetest.register({})
})

it('validates to a result that must be looked at', () => {
  const result = {} as Validation
  if (result.ok) {
    expectTypeOf(result.mode).toEqualTypeOf<'normal' | 'failback'>()
    if (result.isProven) expectTypeOf(result.mode).toEqualTypeOf<'normal'>()
    else expectTypeOf(result.mode).toEqualTypeOf<'failback'>()
  } else expectTypeOf(result.reason).toEqualTypeOf<'missing' | 'unknown_challenge' | 'refused' | 'unreachable'>()
  // @ts-expect-error fields of the page may be anything, the session is not among them
  geetest.validate({ form: {} })
})
