import { z } from 'zod'

const text = z.string().min(1)
const integer = z.string().regex(/^\d+$/).transform(Number)

/** The variables of the document; the counterparts of its Flask, MySQL, Celery and Redis variables are in API.md. */
const ENVIRONMENT = z.object({
  FLASK_CONFIG: z.enum(['development', 'testing', 'production']).default('development'),
  PORT: integer.default(3001),
  PUBLIC_URL: z.url().optional(),
  DATABASE_URL: text.optional(),
  DATA_FOLDER: text.default('data/official-site'),
  REDIS_URL: text.optional(),
  REDIS_HOST: text.optional(),
  REDIS_PORT: integer.default(6379),
  REDIS_DB: integer.default(0),
  AES_KEY_SEED: text.optional(),
  CA_CERTS_PATH: text.optional(),
  QINIU_ACCESS_KEY: text.optional(),
  QINIU_SECRET_KEY: text.optional(),
  QINIU_BUCKET: text.optional(),
  QINIU_DOMAIN: text.optional(),
  YUNPIAN_API_KEY: text.optional(),
  WEIXIN_ID: text.optional(),
  WEIXIN_APP_ID: text.optional(),
  WEIXIN_APP_SECRET: text.optional(),
  WEIXIN_TOKEN: text.optional(),
  WEIXIN_AES_KEY: text.optional(),
  WEIXIN_MCH_ID: text.optional(),
  WEIXIN_PAY_KEY: text.optional(),
  WEIXIN_CERT_PATH: text.optional(),
  WEIXIN_KEY_PATH: text.optional(),
  ADMIN_NAME: text.default('admin'),
  ADMIN_PASSWORD: text.optional()
})

export type Config = ReturnType<typeof readConfig>

/** Reads and checks the environment; a wrong or half-set variable ends the start with a sentence that names it. */
export function readConfig(environment: NodeJS.ProcessEnv) {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const result = ENVIRONMENT.safeParse(present)
  if (!result.success) {
    const lines = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new Error(`The environment is not usable:\n  ${lines.join('\n  ')}`)
  }
  const { REDIS_HOST, REDIS_PORT, REDIS_DB, ...rest } = result.data
  const REDIS_URL = rest.REDIS_URL ?? (REDIS_HOST ? `redis://${REDIS_HOST}:${REDIS_PORT}/${REDIS_DB}` : undefined)
  const config = { ...rest, REDIS_URL, PUBLIC_URL: rest.PUBLIC_URL ?? `http://127.0.0.1:${rest.PORT}` }
  if (config.FLASK_CONFIG === 'production') {
    const missing = (['PUBLIC_URL', 'AES_KEY_SEED', 'WEIXIN_APP_ID'] as const).filter((name) => !result.data[name])
    if (missing.length > 0) throw new Error(`FLASK_CONFIG=production needs ${missing.join(', ')}`)
  }
  return config
}
