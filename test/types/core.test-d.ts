import { describe, expectTypeOf, it } from 'vitest'
import {
  type AnyWeixinKitError,
  type ClientOptions,
  ConfigError,
  type ErrorCode,
  type FetchHandler,
  isWeixinKitError,
  memoryStore,
  type RequestOptions,
  type ResultQuery,
  type Store,
  undiciFetch,
  WeChatApiError
} from 'weixin-kit'

declare const caught: unknown

describe('errors', () => {
  it('narrow by code', () => {
    if (!isWeixinKitError(caught)) return
    switch (caught.code) {
      case 'ERR_WECHAT_API':
        expectTypeOf(caught).toEqualTypeOf<WeChatApiError>()
        expectTypeOf(caught.errcode).toEqualTypeOf<number>()
        break
      case 'ERR_UNKNOWN_RESULT':
        expectTypeOf(caught.query).toEqualTypeOf<ResultQuery>()
        break
      case 'ERR_INVALID_PARAM':
        expectTypeOf(caught).toEqualTypeOf<ConfigError>()
        break
      // @ts-expect-error no such code
      case 'ERR_WECHAT':
    }
  })

  it('have every code of the union, and no other', () => {
    expectTypeOf<AnyWeixinKitError['code']>().toEqualTypeOf<ErrorCode>()
  })

  it('narrow by class', () => {
    if (caught instanceof WeChatApiError) expectTypeOf(caught.hint?.zh).toEqualTypeOf<string | undefined>()
    if (caught instanceof ConfigError) expectTypeOf(caught.option).toEqualTypeOf<string | undefined>()
  })
})

describe('options', () => {
  it('take the built-in fetch, ours, and one of the caller', () => {
    expectTypeOf<typeof fetch>().toExtend<NonNullable<ClientOptions['fetch']>>()
    expectTypeOf(undiciFetch()).toExtend<NonNullable<ClientOptions['fetch']>>()
    expectTypeOf<{ timeout: number }>().not.toExtend<RequestOptions>()
  })

  it('take a store of the caller', () => {
    expectTypeOf(memoryStore()).toEqualTypeOf<Store>()
    expectTypeOf<Map<string, string>>().not.toExtend<Store>()
  })

  it('know handlers as functions of the Fetch standard', () => {
    expectTypeOf<FetchHandler>().toEqualTypeOf<(request: Request) => Promise<Response>>()
  })
})
