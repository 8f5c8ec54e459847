import { z } from 'zod'
import { readAppConfig } from '../../shared/app-config.ts'
import { flag, integer, proxies, serverVariables, text } from '../../shared/environment.ts'

const list = (value: string) => value.split(',').map((one) => one.trim())

const ENVIRONMENT = z.object({
  ...serverVariables('business-card', 3005),
  TRUST_PROXY: proxies.default('loopback'),
  AES_KEY_SEED: text.min(16).optional(),
  ADMIN_PASSWORD: text.min(8).optional(),
  SIGN_WINDOW_SECONDS: integer.refine((value) => value >= 30 && value <= 3600, 'must be 30 to 3600').default(600),
  CARD_PAGE: text.default('pages/mingpian/index'),
  POSTER_FONT: text.default('/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc'),
  MEDIA_HOSTS: text.transform(list).default([]),
  CONTENT_CHECK: flag.default(false),
  SUBSCRIBE_TEMPLATE: text.optional()
})

export type Config = ReturnType<typeof readConfig>

/** Reads and checks the environment. The real services need the mini program and a seed of the sealed columns. */
export function readConfig(environment: NodeJS.ProcessEnv) {
  const config = readAppConfig(ENVIRONMENT, environment, { accounts: ['miniProgram'] })
  const { isReal, AES_KEY_SEED, SUBSCRIBE_TEMPLATE } = config
  if (isReal && !AES_KEY_SEED && !config.SIMULATOR_URL)
    throw new Error('AES_KEY_SEED: tokens, phone numbers and keys are sealed under it; set 16 characters or more')
  return {
    ...config,
    AES_KEY_SEED: AES_KEY_SEED ?? 'for nothing but a simulator',
    SUBSCRIBE_TEMPLATE: SUBSCRIBE_TEMPLATE ?? (isReal ? undefined : 'card-chat-notice')
  }
}
