import { expectTypeOf, it } from 'vitest'
import { type BatchItem, type CheckedCode, type IssuedCode, type StatusReport, Yunpian } from 'weixin-kit/yunpian'

const yunpian = new Yunpian({ apiKey: 'key' })

it('sends', () => {
  expectTypeOf(yunpian.sms.singleSend).returns.resolves.toHaveProperty('sid').toEqualTypeOf<string>()
  expectTypeOf<BatchItem['error']>().not.toBeAny()
  // @ts-expect-error the client fills apikey
  yunpian.sms.singleSend({ mobile: '1', text: '1', apikey: 'x' })
  // @ts-expect-error many numbers are a list
  yunpian.sms.batchSend({ mobile: '1,2', text: '1' })
  // @ts-expect-error one text per number
  yunpian.sms.multiSend({ mobile: ['1'], text: '1' })
})

it('codes narrow by their outcome', () => {
  const issued = {} as IssuedCode
  if (issued.issued) expectTypeOf(issued.code).toEqualTypeOf<string>()
  else expectTypeOf(issued.reason).toEqualTypeOf<'too_soon' | 'daily_limit'>()
  // @ts-expect-error not before it is known that there is one
  issued.code
  const checked = {} as CheckedCode
  if (!checked.ok) expectTypeOf(checked.reason).toEqualTypeOf<'wrong' | 'expired' | 'too_many_attempts'>()
})

it('handlers', () => {
  yunpian.statusHandler({
    secret: 'a-secret-of-the-address',
    onStatus: (report) => expectTypeOf(report).toEqualTypeOf<StatusReport>()
  })
  // @ts-expect-error status reports are not signed: the secret is no option
  yunpian.statusHandler({ onStatus: () => undefined })
})
