import { expectTypeOf, test } from 'vitest'
import type { ClientOptions, RequestOptions } from 'weixin-kit'
import type { AdapterOptions } from 'weixin-kit/express'
import type { MessageGatewayOptions } from 'weixin-kit/gateway'
import type { GeetestOptions } from 'weixin-kit/geetest'
import type { LambdaOptions } from 'weixin-kit/lambda'
import type { MiniProgramOptions } from 'weixin-kit/miniapp'
import type { LoginHandlersOptions, OfficialAccountOptions } from 'weixin-kit/mp'
import type { NotifyHandlerOptions, WeChatPay, WeChatPayOptions } from 'weixin-kit/pay'
import type {
  NotifyHandlerOptions as NotifyHandlerOptionsV2,
  RefundNotifyHandlerOptions,
  WeChatPayV2,
  WeChatPayV2Options
} from 'weixin-kit/pay/v2'
import type { CallbackHandlerOptions, PutPolicy, QiniuOptions, UploadParams } from 'weixin-kit/qiniu'
import type { SimulatorOptions } from 'weixin-kit/simulator'
import type { VerificationCodeOptions, YunpianOptions } from 'weixin-kit/yunpian'

/** Whether every optional field of `T` takes `undefined`, as `process.env.X` gives it under `exactOptionalPropertyTypes`. */
type TakesUndefined<T> = {
  [K in keyof T]: Record<never, never> extends Pick<T, K>
    ? [T[K]] extends [undefined]
      ? T[K]
      : T[K] | undefined
    : T[K]
} extends T
  ? true
  : false

test('options and parameters take undefined for what is not given', () => {
  expectTypeOf<TakesUndefined<{ a?: string }>>().toEqualTypeOf<false>()
  expectTypeOf<TakesUndefined<ClientOptions>>().toEqualTypeOf<true>()
  expectTypeOf<TakesUndefined<RequestOptions>>().toEqualTypeOf<true>()
  expectTypeOf<TakesUndefined<AdapterOptions>>().toEqualTypeOf<true>()
  expectTypeOf<TakesUndefined<LambdaOptions>>().toEqualTypeOf<true>()
  expectTypeOf<TakesUndefined<MessageGatewayOptions>>().toEqualTypeOf<true>()
  expectTypeOf<TakesUndefined<GeetestOptions>>().toEqualTypeOf<true>()
  expectTypeOf<TakesUndefined<MiniProgramOptions>>().toEqualTypeOf<true>()
  expectTypeOf<TakesUndefined<OfficialAccountOptions>>().toEqualTypeOf<true>()
  expectTypeOf<TakesUndefined<LoginHandlersOptions>>().toEqualTypeOf<true>()
  expectTypeOf<TakesUndefined<WeChatPayOptions>>().toEqualTypeOf<true>()
  expectTypeOf<TakesUndefined<NotifyHandlerOptions>>().toEqualTypeOf<true>()
  expectTypeOf<TakesUndefined<WeChatPayV2Options>>().toEqualTypeOf<true>()
  expectTypeOf<TakesUndefined<NotifyHandlerOptionsV2>>().toEqualTypeOf<true>()
  expectTypeOf<TakesUndefined<RefundNotifyHandlerOptions>>().toEqualTypeOf<true>()
  expectTypeOf<TakesUndefined<QiniuOptions>>().toEqualTypeOf<true>()
  expectTypeOf<TakesUndefined<PutPolicy>>().toEqualTypeOf<true>()
  expectTypeOf<TakesUndefined<UploadParams>>().toEqualTypeOf<true>()
  expectTypeOf<TakesUndefined<CallbackHandlerOptions>>().toEqualTypeOf<true>()
  expectTypeOf<TakesUndefined<SimulatorOptions>>().toEqualTypeOf<true>()
  expectTypeOf<TakesUndefined<YunpianOptions>>().toEqualTypeOf<true>()
  expectTypeOf<TakesUndefined<VerificationCodeOptions>>().toEqualTypeOf<true>()
})

type Values<T> = T[keyof T & string]

/** Calls of a client whose parameters do not. */
type Refusing<Client> = Values<{
  [R in keyof Client & string]: Client[R] extends (...args: never[]) => unknown
    ? never
    : Values<{
        [M in keyof Client[R] & string]: Client[R][M] extends (params: infer P, ...rest: never[]) => Promise<unknown>
          ? TakesUndefined<P> extends true
            ? never
            : `${R}.${M}`
          : never
      }>
}>

test('so do the parameters of all calls of WeChat Pay', () => {
  expectTypeOf<
    Refusing<{ refunds: { create(params: { a?: string }): Promise<void> } }>
  >().toEqualTypeOf<'refunds.create'>()
  expectTypeOf<Refusing<WeChatPay>>().toEqualTypeOf<never>()
  expectTypeOf<Refusing<WeChatPayV2>>().toEqualTypeOf<never>()
})
