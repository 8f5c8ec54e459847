import { CLIENT_OPTION_RULES, type ClientOptions } from '../core/client-options.ts'
import { type OptionRules, required, text } from '../core/options.ts'

export interface YunpianOptions extends ClientOptions {
  /** APIKEY of the console. */
  apiKey: string
}

export const YUNPIAN_OPTION_RULES: OptionRules = {
  ...CLIENT_OPTION_RULES,
  apiKey: required(text(/^[\x21-\x7e]+$/, 'the APIKEY of the console, without spaces'))
}
