import { z } from 'zod'
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

  const valuesOf = (input: z.infer<z.ZodObject<typeof CLASS>>): shop.ClassValues => ({
    name: input.classificationName,
    goods_num: input.goodsNum,
    parent_id: input.parentClassification
  })
  const add = endpoint('POST', '/xiaochengxu/goodsClassOper/add/:any(^\\d+$)', {
    who: ADMIN,
    input: CLASS,
    handle: async ({ admin, input, once }) => {
      await once((tx) => shop.saveClass(tx, admin.company_id, valuesOf(input)))
      return ok('添加成功')
    }
  })
  const NAMED = { o_id: id, path_id: id }
  const named = (input: { o_id: number; path_id: number }) => {
    if (input.o_id !== input.path_id) throw new AppError(301)
    return input.o_id
  }
  const update = endpoint('POST', '/xiaochengxu/goodsClassOper/update/:path_id', {
    who: ADMIN,
    input: { ...CLASS, ...NAMED },
    handle: async ({ admin, input, once }) => {
      await once((tx) => shop.saveClass(tx, admin.company_id, valuesOf(input), named(input)))
      return ok('修改成功')
    }
  })
  const remove = endpoint('POST', '/xiaochengxu/goodsClassOper/delete/:path_id', {
    who: ADMIN,
    input: NAMED,
    handle: async ({ admin, input, once }) => {
      await once((tx) => shop.deleteClass(tx, admin.company_id, named(input)))
      return ok('删除成功')
    }
  })

  const settings = endpoint('POST', '/xiaochengxu/jiChuSheZhiOper/addOrUpdate', {
    who: ADMIN,
    input: SETTINGS,
    handle: async ({ admin, input, once }) => {
      const isMade = await once((tx) => shop.saveSettings(tx, seal, admin.company_id, input))
      return ok(isMade ? '创建成功' : '修改成功', '')
    }
  })
  return [classes, add, update, remove, settings]
}
