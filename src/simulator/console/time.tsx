import { useState } from 'preact/hooks'
import type { AdvanceView, StateView } from '../framework/views.ts'
import { get, post } from './api.ts'
import { businessTime } from './business-time.ts'
import { clockTime, dayTime, span } from './format.ts'
import { Button, Empty, Section } from './parts.tsx'
import { t } from './settings.ts'
import { changes, useTopic } from './topics.ts'

const HOUR = 3_600_000
const BEIJING = 8 * HOUR
const DAY = 24 * HOUR

/** Milliseconds until the next day in Beijing at 10:05, when bills are ready. */
function untilBills(now: number): number {
  const local = now + BEIJING
  return Math.floor(local / DAY) * DAY + DAY + 10 * HOUR + 5 * 60_000 - local
}

type Due = AdvanceView['due']

function Entries({ list, now }: { list: Due; now?: number }) {
  return (
    <ul class="rows">
      {list.map(({ at, label }, i) => (
        <li class="row" key={`${at}-${i}`}>
          <div class="row-main">
            <div>
              <b>{label || t('内部任务', 'internal work')}</b>
              <small>
                {dayTime(at)}:{clockTime(at).slice(-2)}
                {now !== undefined && ` · ${t(`${span(at - now)}后`, `in ${span(at - now)}`)}`}
              </small>
            </div>
          </div>
        </li>
      ))}
    </ul>
  )
}

export function Time() {
  const state = useTopic<StateView>('state')
  const [due, setDue] = useState<Due | undefined>(undefined)
  const [minutes, setMinutes] = useState('30')
  const now = businessTime.value
  const go = async (body: object) => {
    const result = await post<AdvanceView>('advance', body)
    setDue(result.due)
    changes.value++
  }
  // The clock on the screen may be behind a jump that was just made.
  const goToBills = async () => go({ ms: untilBills((await get<StateView>('state')).now) })
  const ahead = state ? state.now - state.realTime : 0
  const [next] = state?.upcoming ?? []
  return (
    <div class="page">
      <Section title={t('业务时间', 'Business time')}>
        <p class="clock" role="timer">
          {dayTime(now)}:{clockTime(now).slice(-2)}
          {ahead > 1000 && !state?.isManual && (
            <small> {t(`比真实时间快 ${span(ahead)}`, `${span(ahead)} ahead of real time`)}</small>
          )}
        </p>
        <p class="dim">
          {t(
            'token、订单、账单、重试都按业务时间；签名按真实时间，应用不受影响。时间只能向前。',
            'Tokens, orders, bills and retries follow it; signatures keep the real time, so that applications go on. It only moves forward.'
          )}
        </p>
        <div class="acts">
          <Button kind="main" onClick={() => go({ ms: 2 * HOUR })}>
            {t('+2 小时', '+2 hours')}
          </Button>
          <Button kind="main" onClick={() => go({ to: 'next' })} disabled={next === undefined}>
            {t('下一个到期', 'Next thing due')}
            {next && ` · ${span(next.at - now)}`}
          </Button>
          <Button kind="main" onClick={goToBills}>
            {t('明天 10:05（账单）', 'Tomorrow 10:05 (bills)')}
          </Button>
          <Button kind="main" onClick={() => go({ ms: DAY })}>
            {t('+24 小时', '+24 hours')}
          </Button>
          <label class="field inline">
            <input
              inputMode="numeric"
              value={minutes}
              onInput={(event) => setMinutes(event.currentTarget.value)}
              aria-label={t('分钟', 'Minutes')}
            />
            <Button onClick={() => go({ ms: Number(minutes) * 60_000 })}>{t('分钟', 'minutes')}</Button>
          </label>
        </div>
      </Section>
      {due && (
        <Section title={t('本次到期的', 'What became due')}>
          {due.length === 0 ? <p class="dim">{t('没有。', 'Nothing.')}</p> : <Entries list={due} />}
        </Section>
      )}
      <Section title={t('接下来', 'Coming up')}>
        {state?.upcoming.length === 0 && (
          <Empty icon="time">{t('没有等待中的任务。', 'Nothing waits for its time.')}</Empty>
        )}
        <Entries list={state?.upcoming ?? []} now={now} />
      </Section>
    </div>
  )
}
