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
  /** The same as at `register`. */
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

/** Result of a check. A challenge serves once, whatever the result. */
export type Validation =
  | {
      readonly ok: true
      readonly mode: 'normal'
      /** Geetest confirmed it. */
      readonly isProven: true
    }
  | {
      readonly ok: true
      /** Geetest was unreachable at `register` (宕机模式): nobody checked anything, and a robot passes as easily. */
      readonly mode: 'failback'
      /** Let the user go on only behind separate limits (per address, per number), or ask for something else. */
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

/** The three fields, trimmed; `undefined` when one is absent or absurd. */
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
