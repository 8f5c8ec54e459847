import type { ApiErrorKind, Hint } from '../errors/index.ts'

/** Codes that Geetest sends in place of a challenge. */
export const REFUSED_CHALLENGES: Readonly<Record<string, { readonly kind: ApiErrorKind; readonly hint: Hint }>> = {
  0: {
    kind: 'config',
    hint: {
      en: 'Geetest does not know the captchaId, it is disabled, or its digestmod differs: compare it with the console.',
      zh: '极验不认识该 captchaId、已被停用，或 digestmod 与账号不符：请与控制台核对。'
    }
  }
}
