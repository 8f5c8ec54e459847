import { FLOW } from './flow.ts'
import { SHORT_URL } from './short-url.ts'
import { SIGN } from './signs.ts'
import { SMS } from './sms.ts'
import { TPL } from './tpl.ts'
import { USER } from './users.ts'
import { VOICE_CALLS } from './voice.ts'

/** Every call of this library, by field of the client. Sources: Yunpian, "API v2" (短信、语音、流量、短链接). */
export const FAMILIES = {
  sms: SMS,
  tpl: TPL,
  sign: SIGN,
  user: USER,
  voice: VOICE_CALLS,
  flow: FLOW,
  shortUrl: SHORT_URL
}
