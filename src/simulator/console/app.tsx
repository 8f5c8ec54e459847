import { effect } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { StateView } from '../framework/views.ts'
import { Accounts } from './accounts.tsx'
import { businessTime, setTime } from './business-time.ts'
import { connection } from './exchange-store.ts'
import { Exchanges } from './exchanges.tsx'
import { Faults } from './faults.tsx'
import { clockTime, dayTime, languageTag, span } from './format.ts'
import { Icon, type IconName } from './icons.tsx'
import { Inspector } from './inspector.tsx'
import { Money } from './money.tsx'
import { IconButton, toast } from './parts.tsx'
import { Phone } from './phone.tsx'
import { addressOf, pane, route, type Screen } from './route.ts'
import { Services } from './services.tsx'
import { hasTwoPhones, language, t, theme } from './settings.ts'
import { Time } from './time.tsx'
import { useTopic } from './topics.ts'

const SCREENS: readonly (readonly [Screen, IconName, string, string])[] = [
  ['live', 'live', '实时', 'Live'],
  ['money', 'money', '资金', 'Money'],
  ['services', 'services', '短信与存储', 'SMS, files'],
  ['faults', 'faults', '故障', 'Faults'],
  ['time', 'time', '时间', 'Time'],
  ['accounts', 'accounts', '账号', 'Accounts']
]

effect(() => {
  document.documentElement.lang = languageTag()
  document.title = t('weixin-kit 模拟器', 'weixin-kit simulator')
})
effect(() => {
  document.documentElement.dataset.theme = theme.value
})

function Status({ state }: { state: StateView | undefined }) {
  const count = state?.faults.length ?? 0
  const [first] = state?.faults ?? []
  const ahead = state && !state.isManual ? state.now - state.realTime : 0
  return (
    <div class="status">
      {count > 0 && (
        <a class="chip warn" href={addressOf('faults')}>
          <Icon name="faults" />
          {t(`故障 ${count}`, count === 1 ? '1 fault' : `${count} faults`)}
          <span class="wide"> · {first?.what}</span>
        </a>
      )}
      <a class="chip" href={addressOf('time')} title={t('业务时间', 'Business time')}>
        <Icon name="time" />
        <span class="mono">
          {dayTime(businessTime.value)}
          {clockTime(businessTime.value).slice(5)}
        </span>
        {ahead > 1000 && <i>+{span(ahead)}</i>}
      </a>
    </div>
  )
}

function Top() {
  const state = useTopic<StateView>('state')
  useEffect(() => {
    if (state) setTime(state)
  }, [state])
  const isDark =
    theme.value === 'dark' || (theme.value === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches)
  return (
    <header class="top">
      <a class="brand" href={addressOf('live')}>
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <rect width="32" height="32" rx="8" />
          <path d="M9 11h14v9H15l-4 4v-4H9z" />
        </svg>
        <b>
          weixin-kit <span>{t('模拟器', 'simulator')}</span>
        </b>
      </a>
      <nav aria-label={t('页面', 'Screens')}>
        {SCREENS.map(([name, icon, zh, en]) => (
          <a key={name} href={addressOf(name)} aria-current={route.value.screen === name ? 'page' : undefined}>
            <Icon name={icon} />
            {t(zh, en)}
          </a>
        ))}
      </nav>
      <Status state={state} />
      <div class="tools">
        <IconButton
          icon={isDark ? 'sun' : 'moon'}
          label={isDark ? t('浅色', 'Light') : t('深色', 'Dark')}
          onClick={() => {
            theme.value = isDark ? 'light' : 'dark'
          }}
        />
        <button
          type="button"
          class="chip"
          onClick={() => {
            language.value = language.value === 'zh' ? 'en' : 'zh'
          }}
        >
          {language.value === 'zh' ? 'EN' : '中文'}
          <span class="unseen">{t('切换到英文', 'Switch to Chinese')}</span>
        </button>
      </div>
    </header>
  )
}

function Main() {
  switch (route.value.screen) {
    case 'money':
      return <Money />
    case 'services':
      return <Services />
    case 'faults':
      return <Faults />
    case 'time':
      return <Time />
    case 'accounts':
      return <Accounts />
    default:
      return (
        <>
          <Exchanges />
          <div class="inspector">
            <Inspector />
          </div>
        </>
      )
  }
}

const PANES = [
  ['phone', 'phones', '手机', 'Phone'],
  ['list', 'live', '记录', 'List'],
  ['detail', 'eye', '详情', 'Detail']
] as const

export function App() {
  const isLive = route.value.screen === 'live'
  return (
    <div class={`app pane-${isLive ? pane.value : 'list'} screen-${route.value.screen}`}>
      <button type="button" class="skip" onClick={() => document.getElementById('main')?.focus()}>
        {t('跳到内容', 'Skip to the content')}
      </button>
      <Top />
      {connection.value === 'lost' && (
        <p class="lost" role="alert">
          {t('与模拟器的连接已断开，正在重连…', 'The simulator is away, connecting again…')}
        </p>
      )}
      <div class="columns">
        <div class={`phones${hasTwoPhones.value ? ' two' : ''}`}>
          <Phone slot={0} />
          {hasTwoPhones.value && <Phone slot={1} />}
        </div>
        <main id="main" tabIndex={-1}>
          <Main />
        </main>
      </div>
      <nav class="panes" aria-label={t('分栏', 'Columns')}>
        {PANES.map(([name, icon, zh, en]) => (
          <button
            type="button"
            key={name}
            aria-pressed={isLive && pane.value === name}
            onClick={() => {
              if (!isLive) location.hash = addressOf('live')
              pane.value = name
            }}
          >
            <Icon name={icon} />
            {t(zh, en)}
          </button>
        ))}
      </nav>
      <div class="toasts" role="status">
        {toast.value && <p class={toast.value.isBad ? 'bad' : ''}>{toast.value.text}</p>}
      </div>
    </div>
  )
}
