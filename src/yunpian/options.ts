import { type ClientOptions, clientOptionRules } from '../core/client-options.ts'
import { type OptionRules, required, text } from '../core/options.ts'

/** Options of a {@link Yunpian} client. */
export interface YunpianOptions extends ClientOptions {
  /** APIKEY of the console. */
  apiKey: string
}

export const YUNPIAN_OPTION_RULES: OptionRules = {
  ...clientOptionRules(),
  apiKey: required(text(/^[\x21-\x7e]+$/, 'the APIKEY of the console, without spaces'))
}
