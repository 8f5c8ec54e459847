import { z } from 'zod'
import { filled, maybe, plain } from '../../../shared/fields.ts'
import { wholeBetween } from '../../../shared/numbers.ts'
import { pick } from '../../../shared/pick.ts'
import { type Endpoint, get, post } from '../endpoint.ts'
import { AppError, ok } from '../error-codes.ts'
import { id } from '../input.ts'
import { type ClassValues, deleteClass, listClasses, saveClass, saveSettings } from '../models/shop.ts'
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
export const SHOP: Endpoint[] = [
  post('/xiaochengxu/goodsClassOper/add/:any(^\\d+$)', ADMIN, CLASS, async ({ admin, input, once }) => {
    await once((tx) => saveClass(tx, admin.company_id, valuesOf(input)))
    return ok('添加成功')
  }),

  post('/xiaochengxu/goodsClassOper/update/:path_id', ADMIN, { ...CLASS, ...NAMED }, async ({ admin, input, once }) => {
    await once((tx) => saveClass(tx, admin.company_id, valuesOf(input), named(input)))
    return ok('修改成功')
  }),

  post('/xiaochengxu/goodsClassOper/delete/:path_id', ADMIN, NAMED, async ({ admin, input, once }) => {
    await once((tx) => deleteClass(tx, admin.company_id, named(input)))
    return ok('删除成功')
  }),

  get('/xiaochengxu/goodsClassShow', ANYBODY, { singleUser: maybe(id) }, async ({ company_id, input }, { db }) => {
    const rows = await listClasses(db, company_id)
    const { singleUser } = input
    const children = (of: number) => rows.filter((one) => one.parent_id === of).map((one) => pick(one, 'name', 'id'))
    const shown = rows.filter((one) => (singleUser ? one.id === singleUser : one.parent_id === null))
    if (singleUser && shown.length === 0) throw new AppError(302)
    return ok(
      '查询成功',
      shown.map(({ name, id }) => ({ name, id, children: children(id) }))
    )
  }),

  post('/xiaochengxu/jiChuSheZhiOper/addOrUpdate', ADMIN, SETTINGS, async ({ admin, input, once }, { seal }) => {
    const isMade = await once((tx) => saveSettings(tx, seal, admin.company_id, input))
    return ok(isMade ? '创建成功' : '修改成功', '')
  })
]

const valuesOf = (input: z.infer<z.ZodObject<typeof CLASS>>): ClassValues => ({
  name: input.classificationName,
  goods_num: input.goodsNum,
  parent_id: input.parentClassification ?? null
})

/** The row that a request names: in its path and in its body. */
function named({ o_id, path_id }: { o_id: number; path_id: number }): number {
  if (o_id !== path_id) throw new AppError(301)
  return o_id
}
