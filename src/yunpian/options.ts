import { type ClientOptions, clientOptionRules } from '../core/client-options.ts'
import { type OptionRules, required, text } from '../core/options.ts'
import { onFirstUse } from '../internal/on-first-use.ts'

export interface YunpianOptions extends ClientOptions {
  /** APIKEY of the console. */
  apiKey: string
}

export const yunpianOptionRules = onFirstUse(
  (): OptionRules => ({
    ...clientOptionRules(),
    apiKey: required(text(/^[\x21-\x7e]+$/, 'the APIKEY of the console, without spaces'))
  })
)
