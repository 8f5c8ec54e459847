import { useEffect } from 'preact/hooks'
import type { PhoneView, UserView } from '../framework/views.ts'
import { Chat } from './chat.tsx'
import { Icon, type IconName } from './icons.tsx'
import { Avatar, attempt, IconButton } from './parts.tsx'
import { Pay } from './pay.tsx'
import { type App, addPerson, change, nobody, type SlotNumber, slots } from './people.ts'
import { Program } from './program.tsx'
import { Scan } from './scan.tsx'
import { hasTwoPhones, t } from './settings.ts'
import { Sms } from './sms.tsx'
import { useTopic } from './topics.ts'

const APPS: readonly (readonly [App, IconName, string, string])[] = [
  ['chat', 'chat', '聊天', 'Chat'],
  ['scan', 'scan', '扫一扫', 'Scan'],
  ['pay', 'pay', '付款', 'Pay'],
  ['program', 'program', '小程序', 'Login'],
  ['sms', 'sms', '短信', 'SMS']
]

function Screen({ slot, phone }: { slot: SlotNumber; phone: PhoneView }) {
  switch (slots[slot].value.app) {
    case 'scan':
      return <Scan key={phone.user.id} slot={slot} phone={phone} />
    case 'pay':
      return <Pay slot={slot} phone={phone} />
    case 'program':
      return <Program key={phone.user.id} phone={phone} />
    case 'sms':
      return <Sms phone={phone} />
    default:
      return <Chat slot={slot} phone={phone} />
  }
}

function countOf(app: App, phone: PhoneView | undefined): number {
  if (app === 'pay') return phone?.orders.filter(({ state }) => state === 'NOTPAY').length ?? 0
  if (app === 'sms') return phone?.sms.length ?? 0
  return app === 'chat'
    ? (phone?.money.filter(({ isOpen, kind }) => isOpen && kind !== 'authorization').length ?? 0)
    : 0
}

function People({ slot, users }: { slot: SlotNumber; users: readonly UserView[] }) {
  const { userId } = slots[slot].value
  const add = async () => {
    change(slot, { userId: (await addPerson()).id })
  }
  // A row of many is a list to choose from.
  const isLong = users.length > 3
  return (
    <div class="people">
      {isLong ? (
        <select
          value={userId}
          onChange={(event) => change(slot, { userId: event.currentTarget.value })}
          aria-label={t('手机用户', 'Whose phone')}
        >
          {users.map((user) => (
            <option key={user.id} value={user.id}>
              {user.nickname} · {user.id}
            </option>
          ))}
        </select>
      ) : (
        users.map((user) => (
          <button
            type="button"
            key={user.id}
            class="face"
            aria-pressed={user.id === userId}
            onClick={() => change(slot, { userId: user.id })}
          >
            <Avatar user={user} />
            <span>{user.nickname}</span>
          </button>
        ))
      )}
      <button type="button" class="face" onClick={() => void attempt(add)}>
        <Icon name="plus" />
        {users.length > 1 ? '' : t('新用户', 'New')}
        <span class="unseen">{t('新用户', 'New person')}</span>
      </button>
      {slot === 0 && (
        <IconButton
          icon="phones"
          label={
            hasTwoPhones.value
              ? t('收起第二部手机', 'Put the second phone away')
              : t('并排两部手机', 'Two phones side by side')
          }
          pressed={hasTwoPhones.value}
          onClick={() => {
            hasTwoPhones.value = !hasTwoPhones.value
          }}
        />
      )}
    </div>
  )
}

export function Phone({ slot }: { slot: SlotNumber }) {
  const users = useTopic<{ users: UserView[] }>('users')?.users.filter(({ id }) => !id.includes('#'))
  const { userId, app } = slots[slot].value
  const known = users?.some(({ id }) => id === userId) ? userId : undefined
  const phone = useTopic<PhoneView>(known === undefined ? undefined : `phone/${encodeURIComponent(known)}`)
  useEffect(() => {
    if (!users || known !== undefined) return
    // Nobody is there yet, or somebody of another run was chosen.
    const other = slots[slot === 0 ? 1 : 0].value.userId
    const free = users.find(({ id }) => id !== other) ?? (slot === 0 ? users[0] : undefined)
    if (free) change(slot, { userId: free.id })
    else void attempt(async () => change(slot, { userId: (await addPerson()).id }))
  }, [users, known])
  return (
    <section class="phone-column" aria-label={t(`手机 ${slot + 1}`, `Phone ${slot + 1}`)}>
      <People slot={slot} users={users ?? []} />
      <div class="phone">
        <div class={`screen app-${app}`}>
          {phone ? <Screen slot={slot} phone={phone} /> : <p class="aside">{nobody()}</p>}
        </div>
      </div>
      <div class="apps" role="tablist" aria-label={t('手机里的应用', 'Apps of the phone')}>
        {APPS.map(([name, icon, zh, en]) => {
          const count = countOf(name, phone)
          return (
            <button
              type="button"
              role="tab"
              key={name}
              aria-selected={name === app}
              onClick={() => change(slot, { app: name })}
            >
              <Icon name={icon} />
              {t(zh, en)}
              {count > 0 && <em>{count}</em>}
            </button>
          )
        })}
      </div>
    </section>
  )
}
