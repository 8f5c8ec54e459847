import type { SimulatorContext } from './framework/context.ts'
import { createGeetestService } from './geetest/index.ts'
import { createPayService } from './pay/index.ts'
import { createQiniuService } from './qiniu/index.ts'
import { createWeChatService } from './wechat/index.ts'
import { createYunpianService } from './yunpian/index.ts'

/** @internal Every service, by the name under which it appears on the simulator (`simulator.pay`, …). */
export function createServices(context: SimulatorContext) {
  return {
    wechat: createWeChatService(context),
    pay: createPayService(context),
    qiniu: createQiniuService(context),
    yunpian: createYunpianService(context),
    geetest: createGeetestService(context)
  }
}

export type SimulatorServices = ReturnType<typeof createServices>
