import type { AttemptView, DeliveryView, StateView } from '../framework/views.ts'
import { post } from './api.ts'
import { businessTime } from './business-time.ts'
import { clockTime, milliseconds, span } from './format.ts'
import { noteText } from './note-text.ts'
import { Button, Code, Tag, type Tone } from './parts.tsx'
import { t } from './settings.ts'
import { changes, useTopic } from './topics.ts'

const MOST_STEPS = 6

const KINDS: Readonly<Record<string, readonly [string, string]>> = {
  pay: ['支付结果通知', 'Payment notification'],
  refund: ['退款结果通知', 'Refund notification'],
  transfer: ['转账结果通知', 'Transfer notification'],
  gateway: ['消息与事件', 'Message or event'],
  qiniu: ['上传回调', 'Upload callback'],
  yunpian: ['短信状态推送', 'SMS report'],
  complaint: ['投诉通知', 'Complaint notification'],
  profitsharing: ['分账通知', 'Profit sharing notification'],
  coupon: ['代金券通知', 'Coupon notification']
}

export const kindName = (kind: string): string => {
  const [zh, en] = KINDS[kind] ?? [kind, kind]
  return t(zh, en)
}

function stateOf({ state }: DeliveryView): readonly [string, Tone] {
  switch (state) {
    case 'delivered':
      return [t('已送达', 'delivered'), 'good']
    case 'failed':
      return [t('已放弃', 'given up'), 'bad']
    case 'held':
      return [t('已扣留', 'held back'), 'warn']
    case 'undeliverable':
      return [t('没有目标地址', 'nowhere to go'), 'bad']
    default:
      return [t('重试中', 'being retried'), 'warn']
  }
}

function Step({ attempt, number }: { attempt: AttemptView; number: number }) {
  return (
    <li class={attempt.delivered ? 'good' : 'bad'} title={noteText(attempt.note)}>
      <b>{t(`第 ${number} 次`, `#${number}`)}</b>
      <span>
        {attempt.status ?? '—'} · {milliseconds(attempt.tookMs)}
      </span>
      <span>{clockTime(attempt.time)}</span>
    </li>
  )
}

/** One callback: its attempts, what the application answered, what comes next, and what can be done about it. */
export function Delivery({ delivery }: { delivery: DeliveryView }) {
  const state = useTopic<StateView>('state')
  const { id, kind, attempts, nextAt, retryAfterMs } = delivery
  const isOver = ['delivered', 'failed', 'undeliverable'].includes(delivery.state)
  const tell = async (verb: string) => {
    await post(`deliveries/${id}/${verb}`, {})
    changes.value++
  }
  const mode = state?.modes[kind]
  const steer = async (body: object) => {
    await post('deliveries', { kind, ...body })
    changes.value++
  }
  const [text, tone] = stateOf(delivery)
  const planned = isOver ? [] : retryAfterMs.slice(Math.max(0, attempts.length), MOST_STEPS)
  const last = attempts.at(-1)
  const heldCount = mode?.held
  return (
    <div class="delivery">
      <h3>
        {kindName(kind)} {delivery.subject && <Tag>{delivery.subject}</Tag>} <Tag tone={tone}>{text}</Tag>
      </h3>
      <p class="dim mono">
        {delivery.url ||
          t('没有地址：用 --notify-base 指定应用地址', 'no address: name the application with --notify-base')}
      </p>
      <ol class="steps">
        {attempts.slice(-MOST_STEPS).map((attempt, i) => (
          <Step
            key={`${attempt.time}-${i}`}
            attempt={attempt}
            number={Math.max(0, attempts.length - MOST_STEPS) + i + 1}
          />
        ))}
        {nextAt !== undefined && (
          <li class="next">
            <b>{t('下次重试', 'next retry')}</b>
            <span class="countdown">
              {t(`${span(nextAt - businessTime.value)}后`, `in ${span(nextAt - businessTime.value)}`)}
            </span>
          </li>
        )}
        {planned.map((wait, i) => (
          <li key={`plan-${i}-${wait}`}>
            <span>+{span(wait)}</span>
          </li>
        ))}
      </ol>
      <div class="acts">
        <Button kind="main" onClick={() => tell('now')} disabled={delivery.state === 'undeliverable'}>
          {isOver ? t('再发一次', 'Send again now') : t('立即发送', 'Send now')}
        </Button>
        <Button onClick={() => tell('twice')} disabled={delivery.state === 'undeliverable'}>
          {t('同时发两次', 'Send twice')}
        </Button>
        {delivery.state === 'pending' && <Button onClick={() => tell('hold')}>{t('扣留', 'Hold')}</Button>}
        {delivery.state === 'held' && <Button onClick={() => tell('release')}>{t('放行', 'Release')}</Button>}
      </div>
      <div class="acts">
        <span class="dim">{t(`后续的${kindName(kind)}：`, 'The next ones of this kind:')}</span>
        {heldCount === undefined ? (
          <Button kind="quiet" onClick={() => steer({ hold: true })}>
            {t('全部先扣留', 'hold them')}
          </Button>
        ) : (
          <>
            <Tag tone="warn">{t(`扣留了 ${heldCount} 个`, `${heldCount} held`)}</Tag>
            <Button kind="quiet" onClick={() => steer({ release: true })}>
              {t('按顺序放行', 'release in order')}
            </Button>
            <Button kind="quiet" onClick={() => steer({ release: true, reversed: true })}>
              {t('倒序放行', 'release in reverse')}
            </Button>
          </>
        )}
        <Button
          kind="quiet"
          pressed={(mode?.duplicates ?? 0) > 0}
          onClick={() => steer({ duplicate: (mode?.duplicates ?? 0) > 0 ? 0 : 1 })}
        >
          {t('每个发两次', 'send each twice')}
        </Button>
      </div>
      {last && (
        <>
          <h4>{t('应用的响应', 'What the application answered')}</h4>
          <p class={last.delivered ? 'good' : 'bad'}>{noteText(last.note)}</p>
          {last.body !== '' && <Code>{last.body}</Code>}
        </>
      )}
    </div>
  )
}

/** The newest callback about something, while there is one. */
export function DeliveryAbout({ subject, kind }: { subject: string; kind?: string }) {
  const all = useTopic<DeliveryView[]>(`deliveries?subject=${encodeURIComponent(subject)}`)
  const delivery = all?.filter((one) => kind === undefined || one.kind === kind).at(-1)
  return delivery ? <Delivery delivery={delivery} /> : null
}

export function DeliveryById({ id }: { id: number }) {
  const delivery = useTopic<DeliveryView>(`deliveries/${id}`)
  return delivery ? <Delivery delivery={delivery} /> : null
}
