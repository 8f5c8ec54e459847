import { readFileSync } from 'node:fs'
import { asc, eq, sql } from 'drizzle-orm'
import { accountsOf } from '../../shared/accounts.ts'
import { hashPassword } from '../../shared/passwords.ts'
import { companies, miniPrograms, staff } from '../migrations/schema.ts'
import type { Context } from './app.ts'
import { saveSettings } from './models/shop.ts'

const SEED = readFileSync(new URL('../seed.sql', import.meta.url), 'utf8')

/**
 * What has to be there before the first request: the mini program of the environment with a company of its own, and its
 * administrator, if `ADMIN_PASSWORD` is set. Where WeChat is simulated, two companies to look at.
 */
export async function prepare({ db, seal, config, upstream }: Context): Promise<void> {
  const simulated = upstream.credentials
  const { appId, appSecret } = accountsOf(simulated, config.accounts).miniProgram
  const password = config.ADMIN_PASSWORD ?? (simulated ? 'business-card' : undefined)
  const password_hash = password === undefined ? undefined : await hashPassword(password)
  await db.transaction(async (tx) => {
    // Processes that start at once do it once.
    await tx.execute(sql`lock table companies in exclusive mode`)
    const [known] = await tx.select().from(companies).orderBy(asc(companies.id)).limit(1)
    const statements = simulated ? SEED.split(/;\n/) : [`insert into companies (name) values ('我的公司')`]
    if (!known) for (const statement of statements) await tx.execute(sql.raw(statement))
    const [company] = await tx.select().from(companies).orderBy(asc(companies.id)).limit(1)
    const company_id = company?.id ?? 0
    const secret_sealed = seal.seal('mini program', appSecret)
    await tx
      .insert(miniPrograms)
      .values({ company_id, app_id: appId, secret_sealed })
      .onConflictDoUpdate({ target: miniPrograms.app_id, set: { secret_sealed } })
    if (password_hash === undefined) return
    const admin = { company_id, login: 'admin', is_admin: true, username: '管理员', password_hash }
    await tx.insert(staff).values(admin).onConflictDoNothing()
    if (known || !simulated) return
    await tx.update(staff).set({ password_hash }).where(eq(staff.password_hash, ''))
    const { mchId: shangHuHao, apiKey: shangHuMiYao } = simulated.payV2
    await saveSettings(tx, seal, company_id, { shangChengName: '合众康桥商城', shangHuHao, shangHuMiYao })
  })
  const { SUBSCRIBE_TEMPLATE: template } = config
  if (template) {
    upstream.simulator?.wechat.addSubscribeTemplate({
      id: template,
      title: '新消息提醒',
      keys: ['thing1', 'thing2', 'time3']
    })
  }
}
