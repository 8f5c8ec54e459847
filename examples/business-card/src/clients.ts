import { asc, eq } from 'drizzle-orm'
import type { FetchHandler } from 'weixin-kit'
import { MiniProgram } from 'weixin-kit/miniapp'
import { type ClientCache, clientCache } from 'weixin-kit/pay'
import { type NotifyHandlerOptions, WeChatPayV2 } from 'weixin-kit/pay/v2'
import type { AppParts } from '../../shared/app.ts'
import type { Seal } from '../../shared/seal.ts'
import { miniPrograms } from '../migrations/schema.ts'
import { payAccounts } from '../migrations/shop-schema.ts'
import type { Config } from './config.ts'

export const NOTIFY_PATH = '/zhugeleida/xiaochengxu/pay_notify'
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/

/** A merchant account with its client. */
export interface Merchant {
  /** The number of its row. */
  readonly id: number
  readonly pay: WeChatPayV2
  notifyHandler(options: NotifyHandlerOptions): FetchHandler
}

export interface Clients {
  /** By the number of the row. */
  minis: ClientCache<MiniProgram>
  /** By the `uuid` of the account. */
  merchants: ClientCache<Merchant>
}

/** Clients of all mini programs and merchants, made of their rows when they are needed, the last hundred of each kept. */
export function createClients({ db, store, logger, upstream, config }: AppParts<Config>, seal: Seal): Clients {
  const shared = { store, logger, ...upstream.target }
  const minis = clientCache({
    max: 100,
    create: async (key) => {
      const ofKey = eq(miniPrograms.id, Number(key))
      const [row] = await db.select().from(miniPrograms).where(ofKey)
      if (!row) return undefined
      const appSecret = seal.open('mini program', row.secret_sealed)
      return new MiniProgram({ appId: row.app_id, appSecret, ...shared })
    }
  })
  const merchants = clientCache<Merchant>({
    max: 100,
    create: async (uuid) => {
      const [account] = UUID.test(uuid) ? await db.select().from(payAccounts).where(eq(payAccounts.uuid, uuid)) : []
      if (!account) return undefined
      const ofCompany = eq(miniPrograms.company_id, account.company_id)
      const apps = await db.select().from(miniPrograms).where(ofCompany).orderBy(asc(miniPrograms.id))
      const [appId, ...furtherAppIds] = apps.map(({ app_id }) => app_id)
      if (appId === undefined) return undefined
      const pay = new WeChatPayV2({
        ...shared,
        appId,
        furtherAppIds,
        mchId: account.mch_id,
        apiKey: seal.open('merchant key', account.key_sealed),
        signType: 'MD5',
        notifyUrl: `${config.PUBLIC_URL}${NOTIFY_PATH}/${uuid}`
      })
      return { id: account.id, pay, notifyHandler: (options) => pay.notifyHandler(options) }
    }
  })
  return { minis, merchants }
}
