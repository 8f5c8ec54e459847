import { and, asc, eq } from 'drizzle-orm'
import type { FetchHandler } from 'weixin-kit'
import { MiniProgram } from 'weixin-kit/miniapp'
import { type ClientCache, clientCache } from 'weixin-kit/pay'
import { type NotifyHandlerOptions, WeChatPayV2 } from 'weixin-kit/pay/v2'
import type { AppParts } from '../../shared/app.ts'
import type { Seal } from '../../shared/seal.ts'
import type { Config } from './config.ts'
import { miniPrograms } from './schema.ts'
import { payAccounts } from './shop-schema.ts'

export const NOTIFY_PATH = '/zhugeleida/xiaochengxu/pay_notify'

/** A merchant account with its client. Its notifications settle only orders that were placed with it. */
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
export function createClients(parts: AppParts<Config>, seal: Seal): Clients {
  const { db, store, logger, upstream, config } = parts
  const shared = { store, logger }
  const minis = clientCache({
    max: 100,
    create: async (key) => {
      const [row] = await db
        .select()
        .from(miniPrograms)
        .where(eq(miniPrograms.id, Number(key)))
      if (!row) return undefined
      const appSecret = seal.open('mini program', row.secret_sealed)
      return new MiniProgram({ appId: row.app_id, appSecret, ...shared, ...upstream.optionsFor('api.weixin.qq.com') })
    }
  })
  const merchants = clientCache<Merchant>({
    max: 100,
    create: async (uuid) => {
      if (!/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/.test(uuid)) return undefined
      const [account] = await db
        .select()
        .from(payAccounts)
        .where(and(eq(payAccounts.uuid, uuid)))
      if (!account) return undefined
      const apps = await db
        .select()
        .from(miniPrograms)
        .where(eq(miniPrograms.company_id, account.company_id))
        .orderBy(asc(miniPrograms.id))
      const [appId, ...furtherAppIds] = apps.map(({ app_id }) => app_id)
      if (appId === undefined) return undefined
      const pay = new WeChatPayV2({
        appId,
        furtherAppIds,
        mchId: account.mch_id,
        apiKey: seal.open('merchant key', account.key_sealed),
        signType: 'MD5',
        notifyUrl: `${config.PUBLIC_URL}${NOTIFY_PATH}/${uuid}`,
        ...shared,
        ...upstream.optionsFor('api.mch.weixin.qq.com')
      })
      return { id: account.id, pay, notifyHandler: (options) => pay.notifyHandler(options) }
    }
  })
  return { minis, merchants }
}
