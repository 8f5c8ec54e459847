import { DecryptError } from '../errors/index.ts'

/** Proof of origin inside every `encryptedData`. */
export interface Watermark {
  /** Seconds since 1970. */
  timestamp: number
  appid: string
}

/** Content of an `encryptedData`: a profile, a phone number, a group or steps; always with its watermark. */
export interface OpenData {
  watermark: Watermark
  /** Absent in the data of `wx.getUserProfile`: the openid is that of the session. */
  openId?: string
  unionId?: string
  nickName?: string
  /** 0 unknown, 1 male, 2 female. */
  gender?: number
  language?: string
  city?: string
  province?: string
  country?: string
  avatarUrl?: string
  /** With country code for foreign numbers. */
  phoneNumber?: string
  purePhoneNumber?: string
  countryCode?: string
  openGId?: string
  stepInfoList?: { timestamp: number; step: number }[]
  [field: string]: unknown
}

/** Fields of each kind: a table, because data can be forged by joining halves of two kinds. */
interface Kind {
  readonly required: readonly string[]
  readonly optional?: readonly string[]
}

const PROFILE: readonly string[] = ['gender', 'language', 'city', 'province', 'country', 'is_demote']
const PHONE: Kind = { required: ['phoneNumber', 'purePhoneNumber', 'countryCode'] }
const KINDS: readonly Kind[] = [
  // wx.getUserInfo. Always with a name: in its place, somebody whose name is the openid of another could put that openid.
  {
    required: ['openId', 'nickName'],
    optional: ['unionId', 'avatarUrl', ...PROFILE]
  },
  // wx.getUserProfile: a name and a picture, and nothing that says whose
  { required: ['nickName', 'avatarUrl'], optional: PROFILE },
  // The button getPhoneNumber
  PHONE,
  // wx.getShareInfo
  { required: ['openGId'] },
  // wx.getGroupEnterInfo, wx.getChatToolInfo: in a group, and in a chat of two
  { required: ['opengid'], optional: ['open_single_roomid', 'group_openid', 'chat_type'] },
  { required: ['open_single_roomid'], optional: ['opengid', 'group_openid', 'chat_type'] },
  // wx.getWeRunData
  { required: ['stepInfoList'] },
  // wx.authPrivateMessage
  { required: ['activityId'] }
]

/** For each field, the kinds that have it, as bits: one pass over the fields shows which kinds remain. */
const KINDS_WITH: ReadonlyMap<string, number> = new Map(
  ['watermark', ...KINDS.flatMap(fieldsOf)].map((name) => [
    name,
    KINDS.reduce((bits, kind, index) => (fieldsOf(kind).includes(name) ? bits | (1 << index) : bits), 0)
  ])
)

function fieldsOf({ required, optional = [] }: Kind): readonly string[] {
  return ['watermark', ...required, ...optional]
}

/**
 * Refuses what is not exactly one documented kind.
 *
 * @throws {DecryptError} ERR_DECRYPT_MALFORMED
 */
export function checkKind(content: Readonly<Record<string, unknown>>): void {
  let left = -1
  for (const name in content) left &= KINDS_WITH.get(name) ?? 0
  const kind = KINDS.find(
    ({ required }, index) => left & (1 << index) && required.every((name) => content[name] !== undefined)
  )
  if (!kind) throw unknownKind()
  if (kind === PHONE) checkPhone(content)
}

function checkPhone({ phoneNumber, purePhoneNumber, countryCode }: Readonly<Record<string, unknown>>): void {
  const isText = typeof phoneNumber === 'string' && typeof purePhoneNumber === 'string'
  const whole = String(phoneNumber).replace(/[+\s-]/g, '')
  const isConsistent =
    isText &&
    purePhoneNumber !== '' &&
    /^\d{1,6}$/.test(String(countryCode)) &&
    (whole === purePhoneNumber || whole === `${countryCode}${purePhoneNumber}`)
  if (!isConsistent) {
    throw new DecryptError(
      'malformed',
      'encryptedData contains a phone number whose parts contradict each other: it was altered. Use phone.get(code).',
      { product: 'miniapp' }
    )
  }
}

function unknownKind(): DecryptError {
  return new DecryptError(
    'malformed',
    'The decrypted encryptedData is not exactly one documented kind (profile, phone number, group, steps): ' +
      'it was altered, or is of a kind whose authenticity cannot be checked. For phone numbers use phone.get(code).',
    { product: 'miniapp' }
  )
}
