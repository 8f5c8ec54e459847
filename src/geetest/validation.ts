/** The three fields of the page's form; the short names of SDK 3.0 are accepted too. */
export interface GeetestForm {
  readonly geetest_challenge?: unknown
  readonly geetest_validate?: unknown
  readonly geetest_seccode?: unknown
  readonly challenge?: unknown
  readonly validate?: unknown
  readonly seccode?: unknown
  readonly [field: string]: unknown
}

/** Parameters of `geetest.validate`. */
export interface ValidateParams {
  /** The same session as for `register`. */
  session: string
  /** The fields as the page sent them: `geetest_challenge`, `geetest_validate`, `geetest_seccode`. */
  form: GeetestForm
  /** Sent to Geetest as a digest. */
  userId?: string | undefined
  /** Where the captcha is shown. */
  client_type?: 'web' | 'h5' | 'native' | 'unknown' | undefined
  /** IPv4 or IPv6, without a port. */
  ip_address?: string | undefined
}

/** Result of a validation. A challenge can be used once, whatever the result. */
export type Validation =
  | {
      readonly ok: true
      readonly mode: 'normal'
      /** Geetest confirmed it. */
      readonly isProven: true
    }
  | {
      readonly ok: true
      /** Geetest was unreachable at `register` (宕机模式): nothing was checked, and a bot passes just as easily. */
      readonly mode: 'failback'
      /** Let the user continue only with separate limits (per address, per number), or require another check. */
      readonly isProven: false
    }
  | {
      readonly ok: false
      readonly mode?: 'normal' | 'failback'
      /**
       * `missing`: a field is empty. `unknown_challenge`: never issued to this session, expired, or used before. `refused`:
       * Geetest or the local rule says no. `unreachable`: Geetest did not respond; let the user try again.
       */
      readonly reason: 'missing' | 'unknown_challenge' | 'refused' | 'unreachable'
    }

const LONGEST_FIELD = 512

/** The three fields, trimmed; `undefined` if one is missing or not plausible. */
export function readForm(form: GeetestForm): { challenge: string; validate: string; seccode: string } | undefined {
  const read = (long: unknown, short: unknown) => {
    const value = long ?? short
    const text = typeof value === 'string' ? value.trim() : ''
    return text.length <= LONGEST_FIELD ? text : ''
  }
  const challenge = read(form.geetest_challenge, form.challenge)
  const validate = read(form.geetest_validate, form.validate)
  const seccode = read(form.geetest_seccode, form.seccode)
  return challenge && validate && seccode ? { challenge, validate, seccode } : undefined
}
