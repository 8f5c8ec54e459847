import { useState } from 'preact/hooks'
import type { MoneyView, OrderView, StateView, UserView } from '../framework/views.ts'
import { act, post } from './api.ts'
import { businessTime } from './business-time.ts'
import { stateName } from './chat.tsx'
import { DeliveryAbout } from './delivery.tsx'
import { dayTime, span, yuan } from './format.ts'
import { Button, Empty, Section, Tag, type Tone } from './parts.tsx'
import { orderState } from './pay.tsx'
import { t } from './settings.ts'
import { changes, useTopic } from './topics.ts'

const KINDS: Readonly<Record<MoneyView['kind'], readonly [string, string]>> = {
  transfer: ['商家转账', 'Transfer'],
  redPack: ['红包', 'Red packet'],
  refund: ['退款', 'Refund'],
  share: ['分账', 'Profit sharing'],
  authorization: ['免确认授权', 'Authorization'],
  batch: ['批量转账', 'Batch']
}

const BAD = ['FAIL', 'ABNORMAL', 'CANCELLED', 'CLOSED']
const toneOf = ({ state, isOpen }: MoneyView): Tone => (BAD.includes(state) ? 'bad' : isOpen ? 'warn' : 'good')

async function steer(verb: string, ...args: unknown[]): Promise<void> {
  await post(`pay/${verb}`, args)
  changes.value++
}

/** What can be done with money that is under way. */
function Verbs({ money }: { money: MoneyView }) {
  const { kind, number, userId, isOpen, state } = money
  if (!isOpen) return null
  const receive = async (verb: string) => {
    await act(userId ?? '', verb, number)
    changes.value++
  }
  if (kind === 'transfer')
    return (
      <>
        {userId && (
          <Button kind="main" onClick={() => receive('confirmTransfer')}>
            {t('确认收款', 'Confirm')}
          </Button>
        )}
        <Button onClick={() => steer('expireTransfer', number)}>{t('让它过期', 'Expire')}</Button>
      </>
    )
  if (kind === 'redPack')
    return (
      <>
        {userId && (
          <Button kind="main" onClick={() => receive('openRedPack')}>
            {t('拆开', 'Open')}
          </Button>
        )}
        <Button onClick={() => steer('expireRedPack', number)}>{t('让它过期', 'Expire')}</Button>
      </>
    )
  if (kind === 'refund')
    return (
      <>
        <Button kind="main" onClick={() => steer('settleRefund', number, 'SUCCESS')}>
          {t('退款成功', 'Succeed')}
        </Button>
        <Button onClick={() => steer('settleRefund', number, 'ABNORMAL')}>{t('退款异常', 'Abnormal')}</Button>
        <Button onClick={() => steer('settleRefund', number, 'CLOSED')}>{t('退款关闭', 'Closed')}</Button>
      </>
    )
  if (kind === 'authorization' && userId)
    return (
      <>
        {state === 'WAIT_USER_CONFIRM' && (
          <Button kind="main" onClick={() => receive('authorizeTransfers')}>
            {t('同意', 'Agree')}
          </Button>
        )}
        {state === 'TAKING_EFFECT' && (
          <Button onClick={() => receive('endTransferAuthorization')}>{t('解除授权', 'End it')}</Button>
        )}
      </>
    )
  return (
    <Button
      onClick={async () => {
        await post('advance', { ms: Math.max(0, (money.deadline ?? 0) - businessTime.value) + 1000 })
        changes.value++
      }}
    >
      {t('快进到完成', 'Go to its end')}
    </Button>
  )
}

function Row({ money, name }: { money: MoneyView; name: string }) {
  const [isOpened, setOpened] = useState(false)
  const [zh, en] = KINDS[money.kind]
  return (
    <li class="row">
      <div class="row-main">
        <div>
          <b>
            {t(zh, en)} {money.kind === 'authorization' ? '' : yuan(money.amount)}
          </b>
          <small>
            <span class="mono">{money.number}</span> · {money.title}
            {name && ` · ${name}`}
            {money.detail && ` · ${money.detail}`}
          </small>
          <small>
            {dayTime(money.createdAt)}
            {money.isOpen &&
              money.deadline !== undefined &&
              ` · ${t('还剩', 'time left:')} ${span(money.deadline - businessTime.value)}`}
          </small>
        </div>
        <Tag tone={toneOf(money)}>{stateName(money.state, money.kind)}</Tag>
      </div>
      <div class="acts">
        <Verbs money={money} />
        <Button kind="quiet" pressed={isOpened} onClick={() => setOpened(!isOpened)}>
          {t('通知', 'Notification')}
        </Button>
      </div>
      {isOpened && <DeliveryAbout subject={money.number} />}
    </li>
  )
}

function Balance({ mchId, fen }: { mchId: string; fen: number }) {
  const isEmpty = fen <= 0
  return (
    <li class="row">
      <div class="row-main">
        <div>
          <b>{yuan(fen)}</b>
          <small>
            {t('商户', 'merchant')} <span class="mono">{mchId}</span>
          </small>
        </div>
        <Button
          kind={isEmpty ? 'main' : 'danger'}
          onClick={() => steer('setBalance', mchId, isEmpty ? 100_000_000 : 0)}
        >
          {isEmpty ? t('充值 100 万', 'Top up') : t('清空（之后返回 NOTENOUGH）', 'Empty it: NOTENOUGH from now on')}
        </Button>
      </div>
    </li>
  )
}

export function Money() {
  const money = useTopic<MoneyView[]>('money') ?? []
  const orders = useTopic<OrderView[]>('orders') ?? []
  const users = useTopic<{ users: UserView[] }>('users')?.users ?? []
  const state = useTopic<StateView>('state')
  const nameOf = (id: string | undefined) => users.find((user) => user.id === id)?.nickname ?? ''
  const open = money.filter(({ isOpen }) => isOpen).reverse()
  const over = money.filter(({ isOpen }) => !isOpen).reverse()
  return (
    <div class="page">
      <Section title={t('在途资金', 'Money in flight')}>
        {open.length === 0 && (
          <Empty icon="money">
            {t('转账、红包、退款和分账会出现在这里。', 'Transfers, red packets, refunds and shares come here.')}
          </Empty>
        )}
        <ul class="rows">
          {open.map((one) => (
            <Row key={`${one.kind}-${one.number}`} money={one} name={nameOf(one.userId)} />
          ))}
        </ul>
        <div class="acts">
          <Button onClick={() => steer('nextRefunds', 'ABNORMAL')}>
            {t('下一笔退款异常', 'Next refund: ABNORMAL')}
          </Button>
          <Button onClick={() => steer('failTransfers', 'ACCOUNT_FROZEN')}>
            {t('下一笔转账失败', 'Next transfer fails')}
          </Button>
        </div>
      </Section>
      <Section title={t('商户余额', 'Balances')}>
        <ul class="rows">
          {Object.entries(state?.balances ?? {}).map(([mchId, fen]) => (
            <Balance key={mchId} mchId={mchId} fen={fen} />
          ))}
        </ul>
      </Section>
      {over.length > 0 && (
        <Section title={t('已结束', 'Over')}>
          <ul class="rows">
            {over.slice(0, 50).map((one) => (
              <Row key={`${one.kind}-${one.number}`} money={one} name={nameOf(one.userId)} />
            ))}
          </ul>
        </Section>
      )}
      <Section title={t('订单', 'Orders')}>
        <ul class="rows">
          {[...orders]
            .reverse()
            .slice(0, 50)
            .map((order) => (
              <li class="row" key={order.prepayId}>
                <div class="row-main">
                  <div>
                    <b>
                      {yuan(order.total)} {order.description}
                    </b>
                    <small>
                      <span class="mono">{order.outTradeNo}</span> · {order.tradeType} · v{order.api}
                      {nameOf(order.userId) && ` · ${nameOf(order.userId)}`} · {dayTime(order.createdAt)}
                    </small>
                  </div>
                  <Tag tone={order.state === 'SUCCESS' ? 'good' : order.state === 'NOTPAY' ? 'warn' : 'dim'}>
                    {orderState(order.state)}
                  </Tag>
                </div>
              </li>
            ))}
        </ul>
      </Section>
    </div>
  )
}
