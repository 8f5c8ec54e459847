import { eq, type SQL, sql } from 'drizzle-orm'
import { MiniProgram } from 'weixin-kit/miniapp'
import { clientCache } from 'weixin-kit/pay'
import { type NotifyHandlerOptions, WeChatPayV2 } from 'weixin-kit/pay/v2'
import type { AppParts } from '../../shared/app.ts'
import type { Database } from '../../shared/database.ts'
import type { Seal } from '../../shared/seal.ts'
import { miniPrograms } from '../migrations/schema.ts'
import { payAccounts } from '../migrations/shop-schema.ts'
import type { Config } from './config.ts'
import { AppError } from './error-codes.ts'

export const NOTIFY_PATH = '/zhugeleida/xiaochengxu/pay_notify'

export type Clients = ReturnType<typeof createClients>
type MerchantRow = Awaited<ReturnType<typeof findMerchants>>[number]

/** Clients of all mini programs and merchants, made of their rows when they are needed. */
export function createClients({ db, store, logger, upstream, config }: AppParts<Config>, seal: Seal) {
  const shared = { store, logger, ...upstream.target }
  const miniClient = clientsOf(({ id, app_id: appId, secret_sealed }: typeof miniPrograms.$inferSelect) => {
    const appSecret = seal.open('mini program', secret_sealed)
    return { id, mini: new MiniProgram({ appId, appSecret, ...shared }) }
  })
  const merchantClient = clientsOf(({ id, uuid, mchId, key_sealed, appIds }: MerchantRow) => {
    const [appId, ...furtherAppIds] = appIds
    const apiKey = seal.open('merchant key', key_sealed)
    const notifyUrl = `${config.PUBLIC_URL}${NOTIFY_PATH}/${uuid}`
    const pay = new WeChatPayV2({ appId, furtherAppIds, mchId, apiKey, signType: 'MD5', notifyUrl, ...shared })
    return { id, pay, notifyHandler: (options: NotifyHandlerOptions) => pay.notifyHandler(options) }
  })
  return {
    /** The mini program that is named, or the only one. */
    miniOf: async (id?: number) => {
      const isNamed = id === undefined ? undefined : eq(miniPrograms.id, id)
      const rows = await db.select().from(miniPrograms).where(isNamed).limit(2)
      const found = await miniClient(rows.length === 1 ? rows[0] : undefined)
      if (!found) throw new AppError(id === undefined ? 303 : 302)
      return found
    },
    merchantOf: async (where: SQL) => merchantClient((await findMerchants(db, where))[0])
  }
}

/** Clients by the row that each is made of, the last hundred kept: a row that changed makes another client. */
function clientsOf<Row extends object, Client extends object>(make: (row: Row) => Client) {
  const clients = clientCache<Client>({ max: 100, create: (row) => make(JSON.parse(row) as Row) })
  return async (row: Row | undefined) => row && clients.get(JSON.stringify(row))
}

/** Accounts of merchants, each with the mini programs of its company, the oldest first. */
function findMerchants(db: Database, where: SQL) {
  const { id, uuid, mch_id: mchId, key_sealed, company_id } = payAccounts
  const appIds = sql<[string, ...string[]]>`json_agg(${miniPrograms.app_id} order by ${miniPrograms.id})`
  return db
    .select({ id, uuid, mchId, key_sealed, appIds })
    .from(payAccounts)
    .innerJoin(miniPrograms, eq(miniPrograms.company_id, company_id))
    .where(where)
    .groupBy(id)
}
