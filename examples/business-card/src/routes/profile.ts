import { DecryptError } from 'weixin-kit'
import { z } from 'zod'
import { filled, maybe, oneOf, plain } from '../../../shared/fields.ts'
import type { Context } from '../app.ts'
import { type Endpoint, post } from '../endpoint.ts'
import { AppError, ok, refusedAs } from '../error-codes.ts'
import { logEvent } from '../models/cards.ts'
import { writeMessage } from '../models/chat.ts'
import { addConsent, keepFormId, updateCustomer } from '../models/customers.ts'
import { nameOf } from '../models/pair.ts'
import { CUSTOMER, withStaff } from '../parties.ts'
import type { Customer } from '../signature.ts'

const base64 = maybe(z.string().max(8192))
const ENCRYPTED = { encryptedData: base64, iv: base64 }
const picture = plain(512).refine((url) => url === '' || (URL.canParse(url) && url.startsWith('https://')))
const USER_INFO = {
  username: filled(64),
  headimgurl: picture,
  city: plain(64),
  country: plain(64),
  province: plain(64),
  language: plain(64),
  ...ENCRYPTED
}
const PHONE = { ...ENCRYPTED, code: maybe(z.string().max(256)) }
const CONSENT = { template_id: z.string().regex(/^[\w-]{1,64}$/), times: maybe(oneOf(1, 2, 3, 4, 5)) }

/** Interfaces 3, 4 and 7: what customers say of themselves, and what WeChat says of them. */
export const PROFILE: Endpoint[] = [
  post('/xiaochengxu/login/send_user_info', CUSTOMER, USER_INFO, async ({ input, once, ...who }, context) => {
    const { encryptedData, iv, ...profile } = input
    if (encryptedData !== undefined || iv !== undefined) await decrypt(context, who, input)
    await once((tx) => updateCustomer(tx, who.customer, profile))
    return ok('保存成功')
  }),

  post('/xiaochengxu/login/send_form_id', CUSTOMER, { formId: filled(200) }, async ({ customer, input }, { db }) => {
    // What the developer tools send in place of one.
    if (input.formId !== 'the formId is a mock one') await keepFormId(db, customer.id, input.formId)
    return ok('保存成功')
  }),

  post('/xiaochengxu/login/subscribed', CUSTOMER, CONSENT, async ({ customer, input, once }, { config }) => {
    const { template_id, times = 1 } = input
    if (template_id !== config.SUBSCRIBE_TEMPLATE) throw new AppError(302)
    await once((tx) => addConsent(tx, customer.id, template_id, times))
    return ok('保存成功')
  }),

  post(
    '/xiaochengxu/chat/encrypted_phone_number/:any(^\\d+$)',
    withStaff('u_id'),
    PHONE,
    async ({ pair, input, kept, once, ...who }, context) => {
      if (await kept()) return ok('查询成功')
      const phone_sealed = context.seal.seal('phone', await phoneOf(context, who, input))
      await once(async (tx) => {
        await updateCustomer(tx, who.customer, { phone_sealed })
        await logEvent(tx, pair, 'phone')
        await writeMessage(tx, pair, 2, { info_type: 3, msg: '我的手机号', phone_sealed })
      })
      context.chat.wake(nameOf(pair))
      return ok('查询成功')
    }
  )
]

interface LoggedIn {
  customer: Customer
  token: string
}
type Given = { [Name in keyof typeof PHONE]?: string | undefined }

async function phoneOf(context: Context, who: LoggedIn, given: Given): Promise<string> {
  const { mini_program_id, openid } = who.customer
  if (given.code === undefined) {
    const { phoneNumber } = await decrypt(context, who, given)
    return typeof phoneNumber === 'string' ? phoneNumber : logInAgain(undefined)
  }
  const { mini } = await context.miniOf(mini_program_id)
  return (await mini.phone.get(given.code, { openid }).catch(refusedAs(303, '请重新授权手机号'))).phoneNumber
}

async function decrypt({ miniOf }: Context, { customer, token }: LoggedIn, { encryptedData, iv }: Given) {
  if (encryptedData === undefined || iv === undefined) throw new AppError(303)
  const { mini } = await miniOf(customer.mini_program_id)
  return (await mini.session.decrypt(token, { encryptedData, iv }).catch(logInAgain)) ?? logInAgain(undefined)
}

/** The data is of another session, another person, or no data. */
function logInAgain(cause: unknown): never {
  if (cause !== undefined && !(cause instanceof DecryptError)) throw cause
  throw new AppError(303, { cause, msg: '请重新登录后再试' })
}
