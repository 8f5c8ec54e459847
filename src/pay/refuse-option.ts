import { ConfigError } from '../errors/index.ts'

/** Makes the error for a wrong option of the constructor. The message never contains a part of a key. */
export function refuseOption(option: string, problem: string): ConfigError {
  return new ConfigError(`WeChatPay: option "${option}" ${problem}`, { option, product: 'pay' })
}
