import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import { memoryStore, type Store } from 'weixin-kit'
import { clientWith, signedAnswer as v2Answer } from '../support/pay-v2.ts'
import { APP_ID, MCH_ID, notification, payWith, signedAnswer } from '../support/pay-v3.ts'

/** What a signal holds on to: its listeners, and what `AbortSignal.any` notes in it. */
function heldBy(signal: AbortSignal): number {
  const name = Object.getOwnPropertySymbols(signal).find(({ description }) => description === 'kDependantSignals')
  const dependants = name && (signal as unknown as Record<symbol, { size: number } | undefined>)[name]
  return getEventListeners(signal, 'abort').length + (dependants?.size ?? 0)
}

describe('a signal that lives as long as the process', () => {
  const number = { out_trade_no: '20260301000001' }

  test('keeps nothing of the calls of v2', async () => {
    const { signal } = new AbortController()
    const fields = { ...number, transaction_id: '4200001', trade_state: 'SUCCESS', total_fee: '1' }
    const { pay } = clientWith(v2Answer(fields))
    for (let index = 0; index < 20; index++) await pay.orders.query(number, { signal })
    expect(heldBy(signal)).toBe(0)
  })

  test('keeps nothing of the calls of v3, be they refused or answered', async () => {
    const { signal } = new AbortController()
    const order = { appid: APP_ID, mchid: MCH_ID, ...number, trade_state: 'NOTPAY' }
    const { pay } = payWith((_, index) => signedAnswer(order, index % 2 === 0 ? 200 : 400))
    for (let index = 0; index < 20; index++) await pay.transactions.query(number, { signal }).catch(() => undefined)
    expect(heldBy(signal)).toBe(0)
  })
})

describe('a store of the application', () => {
  const failing: Record<string, Store['setIfAbsent']> = {
    rejects: () => Promise.reject(new Error('db down')),
    throws: () => {
      throw new Error('db down')
    }
  }

  test.each(Object.entries(failing))(
    'that %s is told as a StoreError, and the notification comes again',
    async (_, fail) => {
      const store: Store = { ...memoryStore(), setIfAbsent: fail }
      const errors: unknown[] = []
      const options = { onError: (error: unknown) => void errors.push(error) }
      const v3 = payWith(() => new Response(null), { store }).pay.notifyHandler({
        onPaid: () => undefined,
        ...options
      })
      const paid = { mchid: MCH_ID, appid: APP_ID, transaction_id: '4200001', amount: { total: 1 } }
      const { headers, body } = notification('TRANSACTION.SUCCESS', paid)
      const v2 = clientWith('', { store }).pay.notifyHandler({ onPaid: () => undefined, ...options })
      const answers = [
        await v3(new Request('https://shop.example.com/v3', { method: 'POST', headers, body })),
        await v2(
          new Request('https://shop.example.com/v2', {
            method: 'POST',
            body: v2Answer({ transaction_id: '4200001', out_trade_no: '20260301000001', total_fee: '1' })
          })
        )
      ]
      expect(answers.map(({ status }) => status)).toEqual([500, 500])
      expect(errors).toMatchObject([{ code: 'ERR_STORE' }, { code: 'ERR_STORE' }])
    }
  )
})
