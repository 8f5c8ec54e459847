import { useState } from 'preact/hooks'
import type { OrderView, PhoneView } from '../framework/views.ts'
import { act, post } from './api.ts'
import { businessTime } from './business-time.ts'
import { DeliveryAbout } from './delivery.tsx'
import { clockTime, span, yuan } from './format.ts'
import { Icon } from './icons.tsx'
import { Button, Empty, IconButton, Tag } from './parts.tsx'
import { change, type SlotNumber, slots } from './people.ts'
import { t } from './settings.ts'
import { changes } from './topics.ts'

const CARDS: readonly (readonly [string, string, string])[] = [
  ['OTHERS', '零钱', 'Balance'],
  ['CMB_DEBIT', '招商银行储蓄卡', 'CMB debit card'],
  ['ICBC_CREDIT', '工商银行信用卡', 'ICBC credit card']
]

function Sheet({ order, phone, slot }: { order: OrderView; phone: PhoneView; slot: SlotNumber }) {
  const [card, setCard] = useState('OTHERS')
  const [coupon, setCoupon] = useState('')
  const [isWrong, setWrong] = useState(false)
  const [isCancelled, setCancelled] = useState(false)
  const userId = phone.user.id
  const isForOther = order.userId !== undefined && order.userId !== userId
  const pay = async () => {
    const fen = Math.round(Number(coupon) * 100)
    await act(userId, 'pay', order.prepayId, { bankType: card, ...(fen > 0 ? { coupon: fen } : {}) })
    changes.value++
  }
  const refuse = async () => {
    await act(userId, 'pay', order.prepayId, { outcome: 'cancel' })
    setCancelled(true)
  }
  const expire = async () => {
    await post('pay/expireOrder', [order.outTradeNo])
    changes.value++
  }
  return (
    <div class="sheet">
      <h3>{order.description}</h3>
      <p class="price">{yuan(order.total)}</p>
      <dl class="facts">
        <dt>{t('类型', 'Type')}</dt>
        <dd>
          {order.tradeType} · v{order.api}
        </dd>
        <dt>{t('订单号', 'Order')}</dt>
        <dd class="mono">{order.outTradeNo}</dd>
        <dt>{t('剩余时间', 'Time left')}</dt>
        <dd>{span(order.expiresAt - businessTime.value)}</dd>
      </dl>
      {isForOther && (
        <p class="bad">
          {t('这个订单属于另一个用户，付款会被拒绝', 'This order is for somebody else: paying is refused')}
        </p>
      )}
      <fieldset class="cards">
        <legend>{t('付款方式', 'Pay with')}</legend>
        {CARDS.map(([id, zh, en]) => (
          <label key={id}>
            <input type="radio" name={`card-${slot}`} checked={card === id} onChange={() => setCard(id)} />
            {t(zh, en)}
          </label>
        ))}
      </fieldset>
      <label class="field">
        {t('代金券抵扣（元）', 'Coupon (yuan)')}
        <input
          inputMode="decimal"
          value={coupon}
          placeholder="0.00"
          onInput={(event) => setCoupon(event.currentTarget.value)}
        />
      </label>
      {isWrong && (
        <p class="bad" role="alert">
          {t('支付密码错误，请重试。订单还是未支付。', 'Wrong password, try again. The order is still unpaid.')}
        </p>
      )}
      {isCancelled && (
        <p class="dim" role="status">
          {t(
            '已取消：微信不会通知应用，页面会收到 cancel。',
            'Cancelled: WeChat notifies nobody, the page gets “cancel”.'
          )}
        </p>
      )}
      <Button kind="main" onClick={pay}>
        {t(`确认支付 ${yuan(order.total)}`, `Pay ${yuan(order.total)}`)}
      </Button>
      <div class="acts">
        <Button onClick={() => setWrong(true)}>{t('密码输错', 'Wrong password')}</Button>
        <Button onClick={refuse}>{t('取消支付', 'Refuse')}</Button>
        <Button kind="danger" onClick={expire}>
          {t('让订单过期', 'Let it expire')}
        </Button>
      </div>
    </div>
  )
}

const STATES: Readonly<Record<string, readonly [string, string]>> = {
  NOTPAY: ['未支付', 'unpaid'],
  USERPAYING: ['等待输入密码', 'waits for the password'],
  SUCCESS: ['支付成功', 'paid'],
  REFUND: ['有退款', 'refunded'],
  CLOSED: ['已关闭', 'closed'],
  REVOKED: ['已撤销', 'revoked'],
  PAYERROR: ['支付失败', 'failed']
}

export const orderState = (state: string): string => {
  const [zh, en] = STATES[state] ?? [state, state]
  return t(zh, en)
}

function Receipt({ order }: { order: OrderView }) {
  const isPaid = order.transactionId !== undefined
  return (
    <div class="sheet">
      <p class={`mark ${isPaid ? 'good' : 'bad'}`}>
        <Icon name={isPaid ? 'check' : 'cross'} />
      </p>
      <h3>{orderState(order.state)}</h3>
      <p class="price">{yuan(order.total)}</p>
      <dl class="facts">
        <dt>{t('商品', 'For')}</dt>
        <dd>{order.description}</dd>
        <dt>{t('订单号', 'Order')}</dt>
        <dd class="mono">{order.outTradeNo}</dd>
        {isPaid && (
          <>
            <dt>{t('交易单号', 'Transaction')}</dt>
            <dd class="mono">{order.transactionId}</dd>
          </>
        )}
        {order.refunded > 0 && (
          <>
            <dt>{t('已退款', 'Refunded')}</dt>
            <dd>{yuan(order.refunded)}</dd>
          </>
        )}
      </dl>
      {isPaid && <DeliveryAbout subject={order.outTradeNo} kind="pay" />}
    </div>
  )
}

/** Typing the password that a scanned payment code asks for, and showing such a code. */
function PaymentCode({ phone }: { phone: PhoneView }) {
  const [code, setCode] = useState<string | undefined>(undefined)
  const isAsked = phone.orders.some(
    ({ state, userId }) => state === 'USERPAYING' && (userId ?? phone.user.id) === phone.user.id
  )
  const answer = async (options: object) => {
    await act(phone.user.id, 'enterPassword', options)
    changes.value++
  }
  return (
    <details class="payment-code" open={isAsked}>
      <summary>{t('付款码', 'Payment code')}</summary>
      <Button
        onClick={async () => {
          setCode(await act<string>(phone.user.id, 'paymentCode', {}))
        }}
      >
        {t('出示付款码', 'Show a payment code')}
      </Button>
      {code !== undefined && <output class="mono big">{code}</output>}
      {isAsked && (
        <div class="acts">
          <Button kind="main" onClick={() => answer({})}>
            {t('输入密码', 'Enter the password')}
          </Button>
          <Button onClick={() => answer({ cancel: true })}>{t('取消', 'Cancel')}</Button>
        </div>
      )}
    </details>
  )
}

export function Pay({ slot, phone }: { slot: SlotNumber; phone: PhoneView }) {
  const chosen = phone.orders.find(({ prepayId }) => prepayId === slots[slot].value.order)
  const open = phone.orders.filter(({ state }) => state === 'NOTPAY').reverse()
  const over = phone.orders
    .filter(({ state }) => state !== 'NOTPAY')
    .reverse()
    .slice(0, 20)
  const item = (order: OrderView) => (
    <li key={order.prepayId}>
      <button type="button" class="item" onClick={() => change(slot, { order: order.prepayId })}>
        <Icon name="pay" />
        <span>
          <b>{order.description}</b>
          <small>
            {order.tradeType} · {order.outTradeNo}
          </small>
        </span>
        <span class="amount">
          <b>{yuan(order.total)}</b>
          <small>
            {order.state === 'NOTPAY'
              ? span(order.expiresAt - businessTime.value)
              : `${orderState(order.state)} ${clockTime(order.createdAt)}`}
          </small>
        </span>
      </button>
    </li>
  )
  return (
    <>
      <header class="bar">
        {chosen && (
          <IconButton icon="back" label={t('返回', 'Back')} onClick={() => change(slot, { order: undefined })} />
        )}
        <b>{chosen ? (chosen.state === 'NOTPAY' ? t('付款', 'Pay') : t('账单', 'Receipt')) : t('付款', 'Pay')}</b>
        {chosen && <Tag>{orderState(chosen.state)}</Tag>}
      </header>
      <div class="scroll">
        {chosen ? (
          chosen.state === 'NOTPAY' ? (
            <Sheet key={chosen.prepayId} order={chosen} phone={phone} slot={slot} />
          ) : (
            <Receipt order={chosen} />
          )
        ) : (
          <>
            <h3 class="label">{t('待付款', 'To be paid')}</h3>
            {open.length === 0 && (
              <Empty icon="pay">
                {t('应用下单后，订单会出现在这里。', 'Orders come here as soon as the application makes them.')}
              </Empty>
            )}
            <ul class="list">{open.map(item)}</ul>
            <PaymentCode phone={phone} />
            {over.length > 0 && <h3 class="label">{t('账单', 'Receipts')}</h3>}
            <ul class="list">{over.map(item)}</ul>
          </>
        )}
      </div>
    </>
  )
}
