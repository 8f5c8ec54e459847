import type { Logger } from '../core/logger.ts'
import {
  checkOptions,
  flag,
  httpUrl,
  integer,
  type OptionCheck,
  type OptionRules,
  oneOf,
  optional,
  text
} from '../core/options.ts'
import { ConfigError } from '../errors/index.ts'
import { isWellFormed } from '../internal/is-well-formed.ts'
import type { PutPolicy } from './put-policy.ts'
import { findJsonTemplateFault, findTemplateFault } from './template.ts'

export const BUCKET_NAME = /^[A-Za-z0-9][\w.-]{0,62}$/
export const MAX_KEY_BYTES = 750

/** Threshold between seconds and milliseconds: the year 5138 and 1973, respectively. */
const LATEST_SECONDS = 99_999_999_999
const MAX_REMEMBERED = 200

/** Templates known to be valid, by kind: applications use few templates but sign many tokens. */
const sound = { json: new Set<string>(), text: new Set<string>() }

const template =
  (kind: 'json' | 'text'): OptionCheck =>
  (value) => {
    if (typeof value !== 'string' || value === '') return 'must be a non-empty string'
    const known = sound[kind]
    if (known.has(value)) return undefined
    const fault = kind === 'json' ? findJsonTemplateFault(value) : findTemplateFault(value)
    if (!fault) {
      if (known.size >= MAX_REMEMBERED) known.clear()
      known.add(value)
    }
    return fault
  }

const seconds =
  (min: number): OptionCheck =>
  (value) =>
    typeof value === 'number' && value > LATEST_SECONDS
      ? 'is in milliseconds; Qiniu counts seconds: divide by 1000'
      : integer(min, LATEST_SECONDS)(value)

const urls: OptionCheck = (value) =>
  typeof value === 'string' && value.split(';').every((url) => !httpUrl(url))
    ? undefined
    : 'must be absolute http: or https: URLs, several separated by ";"'

/** Returns what is wrong with an object's key. The empty key is a valid name. */
export const objectKey: OptionCheck = (value) => {
  if (typeof value !== 'string') return 'must be a string'
  if (!isWellFormed(value)) return 'has half of a surrogate pair, which UTF-8 cannot represent'
  return value.length * 3 > MAX_KEY_BYTES && Buffer.byteLength(value) > MAX_KEY_BYTES
    ? `has more than ${MAX_KEY_BYTES} bytes`
    : undefined
}

const scope: OptionCheck = (value) => {
  if (typeof value !== 'string') return 'must be a string'
  const colon = value.indexOf(':')
  if (!BUCKET_NAME.test(colon < 0 ? value : value.slice(0, colon))) return 'must be "bucket" or "bucket:key"'
  return colon < 0 ? undefined : objectKey(value.slice(colon + 1))
}

const RULES: OptionRules = {
  key: optional(objectKey),
  bucket: optional(text(BUCKET_NAME, 'a bucket name')),
  expiresInSeconds: optional((value) =>
    typeof value === 'number' && value > 10 * 366 * 86_400
      ? 'is a duration in seconds of at most ten years; for a point in time use "deadline"'
      : integer(1)(value)
  ),
  scope: optional(scope),
  deadline: optional(seconds(1)),
  isPrefixalScope: optional(oneOf(0, 1)),
  insertOnly: optional(oneOf(0, 1)),
  endUser: optional(text()),
  returnUrl: optional(httpUrl),
  returnBody: optional(template('json')),
  callbackUrl: optional(urls),
  callbackHost: optional(text()),
  callbackBody: optional(template('text')),
  callbackBodyType: optional(oneOf('application/x-www-form-urlencoded', 'application/json')),
  callbackFetchKey: optional(oneOf(0, 1)),
  persistentOps: optional(text()),
  persistentNotifyUrl: optional(httpUrl),
  persistentPipeline: optional(text()),
  persistentType: optional(oneOf(0, 1)),
  persistentWorkflowTemplateID: optional(text()),
  saveKey: optional(template('text')),
  forceSaveKey: optional(flag),
  fsizeMin: optional(integer(0)),
  fsizeLimit: optional(integer(0)),
  detectMime: optional(oneOf(-1, 0, 1)),
  mimeLimit: optional(
    text(/^!?[\w.+*-]+\/[\w.+*-]+(;!?[\w.+*-]+\/[\w.+*-]+)*$/, 'such as image/* or image/png;image/jpeg')
  ),
  fileType: optional(oneOf(0, 1, 2, 3, 4)),
  deleteAfterDays: optional(integer(1, 36_500)),
  trafficLimit: optional(integer(819_200, 838_860_800))
}

/** Values of scope and deadline on the wire. */
const OWN = ['key', 'bucket', 'expiresInSeconds', 'scope', 'deadline']
/** Fields that require or exclude another field. */
const CONDITIONAL = [
  ...['isPrefixalScope', 'callbackUrl', 'callbackHost', 'callbackBody', 'callbackBodyType', 'callbackFetchKey'],
  ...['persistentOps', 'forceSaveKey', 'fsizeMin']
]
// A map, because a record would have fields such as "constructor", and because it is faster.
const FIELDS = new Map(
  Object.entries(RULES).map(([name, { check }]) => [
    name,
    { check, isOwn: OWN.includes(name), isConditional: CONDITIONAL.includes(name) }
  ])
)

/** A checked policy. */
export interface ReadPolicy {
  own: Pick<PutPolicy, 'key' | 'bucket' | 'expiresInSeconds' | 'scope' | 'deadline'>
  /** The fields that are sent to Qiniu unchanged. */
  wire: Record<string, unknown>
}

/**
 * Checks the fields of a put policy and their combination. Unknown fields are accepted with a warning, because Qiniu
 * adds some now and then; near misses of known names are refused. Reads each field once: on objects of different
 * shapes, looking up absent fields costs more than the signature.
 *
 * @throws {ConfigError} ERR_INVALID_PARAM naming the field
 */
export function readPutPolicy(policy: PutPolicy, logger: Logger | undefined): ReadPolicy {
  if (policy === null || typeof policy !== 'object' || Array.isArray(policy)) checkAll(policy, logger)
  const own: Record<string, unknown> = { key: undefined, bucket: undefined, scope: undefined }
  const wire: Record<string, unknown> = { scope: '', deadline: 0 }
  let isConditional = false
  let isChecked = false
  for (const name in policy) {
    const value = policy[name as keyof PutPolicy]
    if (value === undefined) continue
    const field = FIELDS.get(name)
    if (!isChecked && (field === undefined || field.check(value) !== undefined)) {
      // A faulty field goes to the shared check for its message.
      checkAll(policy, logger)
      isChecked = true
    }
    if (field?.isOwn) own[name] = value
    else wire[name] = value
    if (field?.isConditional) isConditional = true
  }
  const conflict = findOwnConflict(own) ?? (isConditional ? findConflict(policy) : undefined)
  if (conflict) {
    const [option, message] = conflict
    throw new ConfigError(`uploadToken: ${message}`, { code: 'ERR_INVALID_PARAM', option, product: 'qiniu' })
  }
  return { own, wire }
}

function checkAll(policy: PutPolicy, logger: Logger | undefined): void {
  checkOptions(policy, RULES, {
    owner: 'uploadToken',
    product: 'qiniu',
    of: 'params',
    onUnknown: (name) => {
      checkUnknown(name, (policy as Readonly<Record<string, unknown>>)[name])
      logger?.warn?.(`uploadToken: passes the unknown field "${name}" on to Qiniu.`, { product: 'qiniu' })
    }
  })
}

function checkUnknown(name: string, value: unknown): void {
  if (['string', 'number', 'boolean', 'undefined'].includes(typeof value)) return
  throw new ConfigError(`uploadToken: unknown field "${name}" must be text, a number or a boolean.`, {
    code: 'ERR_INVALID_PARAM',
    option: name,
    product: 'qiniu'
  })
}

function findOwnConflict(own: ReadPolicy['own']): readonly [option: string, message: string] | undefined {
  if (own.scope !== undefined && (own.key !== undefined || own.bucket !== undefined))
    return ['scope', '"scope" already contains bucket and key: leave out "key" and "bucket".']
  if (own.deadline !== undefined && own.expiresInSeconds !== undefined)
    return ['deadline', 'set either "deadline" or "expiresInSeconds".']
  return undefined
}

function findConflict(p: PutPolicy): readonly [option: string, message: string] | undefined {
  if (p.isPrefixalScope === 1 && p.key === undefined && !p.scope?.includes(':'))
    return ['isPrefixalScope', '"isPrefixalScope" needs the prefix as "key" or in "scope".']
  if (p.callbackUrl !== undefined || p.callbackBody !== undefined) {
    if (p.callbackUrl === undefined) return ['callbackUrl', '"callbackBody" needs "callbackUrl".']
    if (p.callbackBody === undefined)
      return ['callbackBody', '"callbackUrl" needs "callbackBody", e.g. key=$(key)&hash=$(etag).']
    if (p.returnUrl !== undefined || p.returnBody !== undefined)
      return [
        'callbackUrl',
        'callback and return cannot be combined: with "callbackUrl" the callback\'s response goes to the uploader.'
      ]
    if (p.callbackBodyType === 'application/json') {
      const fault = template('json')(p.callbackBody)
      if (fault) return ['callbackBody', `option "callbackBody" ${fault}.`]
    }
  } else if (p.callbackFetchKey || p.callbackHost !== undefined || p.callbackBodyType !== undefined) {
    return ['callbackUrl', '"callbackFetchKey", "callbackHost" and "callbackBodyType" need "callbackUrl".']
  }
  if (p.persistentOps !== undefined && p.persistentWorkflowTemplateID !== undefined)
    return ['persistentOps', 'set either "persistentOps" or "persistentWorkflowTemplateID".']
  if (p.forceSaveKey === true && p.saveKey === undefined) return ['saveKey', '"forceSaveKey" needs "saveKey".']
  if (p.fsizeMin !== undefined && p.fsizeLimit !== undefined && p.fsizeMin > p.fsizeLimit)
    return ['fsizeMin', '"fsizeMin" is larger than "fsizeLimit".']
  return undefined
}
