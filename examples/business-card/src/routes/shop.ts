import { z } from 'zod'
import type { Database } from '../../../shared/database.ts'
import { filled, maybe, plain } from '../../../shared/fields.ts'
import { wholeBetween } from '../../../shared/numbers.ts'
import type { Context } from '../app.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { AppError, ok } from '../error-codes.ts'
import { id } from '../input.ts'
import * as shop from '../models/shop.ts'
import { ADMIN, ANYBODY } from '../parties.ts'

const CLASS = {
  classificationName: filled(30),
  goodsNum: wholeBetween(0, 1_000_000_000),
  parentClassification: maybe(id)
}
const NAMED = { o_id: id, path_id: id }
const SETTINGS = {
  shangChengName: maybe(plain(60)),
  shangHuHao: maybe(z.string().regex(/^\d{1,30}$/)),
  shangHuMiYao: maybe(z.string().regex(/^[A-Za-z0-9]{32}$/))
}
/** Interfaces 24 to 28: classes of goods, settings of the shop. */
export function shopEndpoints({ db, seal }: Context): Endpoint[] {
  const classes = endpoint('GET', '/xiaochengxu/goodsClassShow', {
    who: ANYBODY,
    input: { singleUser: maybe(id) },
    handle: async ({ company_id, input: { singleUser } }) => {
      const rows = await shop.listClasses(db, company_id)
      const children = (of: number) => rows.filter((one) => one.parent_id === of).map(({ name, id }) => ({ name, id }))
      const isShown = (one: shop.GoodsClass) => (singleUser ? one.id === singleUser : one.parent_id === null)
      const tree = rows.filter(isShown).map(({ name, id }) => ({ name, id, children: children(id) }))
      if (singleUser && tree.length === 0) throw new AppError(302)
      return ok('查询成功', tree)
    }
  })

  const change = <Shape extends z.ZodRawShape>(
    path: string,
    input: Shape,
    msg: string,
    work: (tx: Database, companyId: number, input: z.infer<z.ZodObject<Shape>>) => Promise<void>
  ) =>
    endpoint('POST', `/xiaochengxu/goodsClassOper/${path}`, {
      who: ADMIN,
      input,
      handle: async ({ admin, input, once }) => {
        await once((tx) => work(tx, admin.company_id, input))
        return ok(msg)
      }
    })
  const changes = [
    change('add/:any(^\\d+$)', CLASS, '添加成功', (tx, company, input) => shop.saveClass(tx, company, valuesOf(input))),
    change('update/:path_id', { ...CLASS, ...NAMED }, '修改成功', (tx, company, input) =>
      shop.saveClass(tx, company, valuesOf(input), named(input))
    ),
    change('delete/:path_id', NAMED, '删除成功', (tx, company, input) => shop.deleteClass(tx, company, named(input)))
  ]

  const settings = endpoint('POST', '/xiaochengxu/jiChuSheZhiOper/addOrUpdate', {
    who: ADMIN,
    input: SETTINGS,
    handle: async ({ admin, input, once }) => {
      const isMade = await once((tx) => shop.saveSettings(tx, seal, admin.company_id, input))
      return ok(isMade ? '创建成功' : '修改成功', '')
    }
  })
  return [classes, ...changes, settings]
}

const valuesOf = (input: z.infer<z.ZodObject<typeof CLASS>>): shop.ClassValues => ({
  name: input.classificationName,
  goods_num: input.goodsNum,
  parent_id: input.parentClassification
})

/** The row that a request names: in its path and in its body. */
function named({ o_id, path_id }: { o_id: number; path_id: number }): number {
  if (o_id !== path_id) throw new AppError(301)
  return o_id
}
