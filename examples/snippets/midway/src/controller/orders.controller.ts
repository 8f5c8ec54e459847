import { Controller, Inject, Post } from '@midwayjs/core'
import type { Context } from '@midwayjs/koa'

@Controller('/orders')
export class OrdersController {
  @Inject()
  ctx!: Context

  @Post('/')
  create() {
    return { received: this.ctx.request.body }
  }
}
