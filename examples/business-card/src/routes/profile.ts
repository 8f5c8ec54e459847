import { DecryptError, WeChatApiError } from 'weixin-kit'
import { z } from 'zod'
import { filled, maybe, oneOf, plain } from '../../../shared/fields.ts'
import type { Context } from '../app.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { AppError, ok } from '../error-codes.ts'
import { logEvent } from '../models/cards.ts'
import { writeMessage } from '../models/chat.ts'
import { addConsent, keepFormId, updateCustomer } from '../models/customers.ts'
import { CUSTOMER, withStaff } from '../parties.ts'
import type { Customer } from '../signature.ts'

const base64 = z.string().max(8192)
const picture = plain(512).refine((url) => url === '' || (URL.canParse(url) && url.startsWith('https://')))
const USER_INFO = {
  username: filled(64),
  headimgurl: picture,
  city: plain(64),
  country: plain(64),
  province: plain(64),
  language: plain(64),
  encryptedData: maybe(base64),
  iv: maybe(base64)
}
const PHONE = { encryptedData: maybe(base64), iv: maybe(base64), code: maybe(z.string().max(256)) }
const CONSENT = { template_id: z.string().regex(/^[\w-]{1,64}$/), times: maybe(oneOf(1, 2, 3, 4, 5)) }

/** Interfaces 3, 4 and 7: what customers say of themselves, and what WeChat says of them. */
export function profileEndpoints({ db, seal, minis, chat, config }: Context): Endpoint[] {
  return [
    endpoint('POST', '/xiaochengxu/login/send_user_info', {
      who: CUSTOMER,
      input: USER_INFO,
      handle: async ({ customer, token, input: { encryptedData, iv, ...profile }, once }) => {
        if (encryptedData !== undefined || iv !== undefined) await decrypt(customer, token, encryptedData, iv)
        await once(async (tx) => updateCustomer(tx, customer, profile))
        return ok('保存成功')
      }
    }),

    endpoint('POST', '/xiaochengxu/login/send_form_id', {
      who: CUSTOMER,
      input: { formId: filled(200) },
      handle: async ({ customer, input: { formId } }) => {
        // What the developer tools send in place of one.
        if (formId !== 'the formId is a mock one') await keepFormId(db, customer.id, formId)
        return ok('保存成功')
      }
    }),

    endpoint('POST', '/xiaochengxu/login/subscribed', {
      who: CUSTOMER,
      input: CONSENT,
      handle: async ({ customer, input: { template_id, times = 1 }, once }) => {
        if (template_id !== config.SUBSCRIBE_TEMPLATE) throw new AppError(302)
        await once(async (tx) => addConsent(tx, customer.id, template_id, times))
        return ok('保存成功')
      }
    }),

    endpoint('POST', '/xiaochengxu/chat/encrypted_phone_number/:any(^\\d+$)', {
      who: withStaff('u_id'),
      input: PHONE,
      handle: async ({ customer, pair, token, input, kept, once }) => {
        if (await kept()) return ok('查询成功')
        const phone = await phoneOf(customer, token, input)
        const phone_sealed = seal.seal('phone', phone)
        await once(async (tx) => {
          await updateCustomer(tx, customer, { phone_sealed })
          await logEvent(tx, pair, 'phone')
          await writeMessage(tx, pair, 2, { info_type: 3, msg: '我的手机号', phone_sealed })
        })
        chat.wake(`${pair.customer_id} ${pair.staff_id}`)
        return ok('查询成功')
      }
    })
  ]

  async function miniOf(customer: Customer) {
    const mini = await minis.get(String(customer.mini_program_id))
    if (!mini) throw new AppError(302)
    return mini
  }

  async function decrypt(customer: Customer, token: string, encryptedData = '', iv = '') {
    if (encryptedData === '' || iv === '') throw new AppError(303)
    const mini = await miniOf(customer)
    const data = await mini.session.decrypt(token, { encryptedData, iv }).catch(logInAgain)
    return data ?? logInAgain(undefined)
  }

  async function phoneOf(
    customer: Customer,
    token: string,
    { code, encryptedData, iv }: { [Name in keyof typeof PHONE]?: string | undefined }
  ): Promise<string> {
    if (code === undefined) {
      const { phoneNumber } = await decrypt(customer, token, encryptedData, iv)
      return typeof phoneNumber === 'string' ? phoneNumber : logInAgain(undefined)
    }
    const mini = await miniOf(customer)
    const { phoneNumber } = await mini.phone.get(code, { openid: customer.openid }).catch(refusePhone)
    return phoneNumber
  }
}

/** The data is of another session, another person, or no data. */
function logInAgain(cause: unknown): never {
  if (cause !== undefined && !(cause instanceof DecryptError)) throw cause
  throw new AppError(303, { cause, msg: '请重新登录后再试' })
}

function refusePhone(cause: unknown): never {
  if (cause instanceof WeChatApiError && cause.kind === 'user')
    throw new AppError(303, { cause, msg: '请重新授权手机号' })
  throw cause
}
