import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { ChatView, MenuButton, MoneyView, PhoneView } from '../framework/views.ts'
import { act } from './api.ts'
import { Bubble } from './bubbles.tsx'
import { businessTime } from './business-time.ts'
import { span, yuan } from './format.ts'
import { Icon } from './icons.tsx'
import { attempt, Button, say } from './parts.tsx'
import { change, type SlotNumber, slots } from './people.ts'
import { t } from './settings.ts'
import { changes } from './topics.ts'

/** Sends off what a person does; what the application makes of it is seen in the chat. */
async function person(userId: string, verb: string, ...args: unknown[]): Promise<void> {
  const work = act(userId, verb, ...args)
  // A callback that is held back does not answer before it is released.
  setTimeout(() => changes.value++, 150)
  await work
  changes.value++
}

function Menu({ chat, userId }: { chat: ChatView; userId: string }) {
  const [opened, setOpened] = useState<string | undefined>(undefined)
  if (chat.menu.length === 0) return null
  const press = async (button: MenuButton) => {
    setOpened(undefined)
    const { type = '', key = '', url = '', pagepath = '' } = button
    if (type === 'view') {
      window.open(/^https?:\/\//i.test(url) ? url : 'about:blank', '_blank', 'noreferrer')
      await person(userId, 'event', { Event: 'VIEW', EventKey: url }, { account: chat.appId })
    } else if (type === 'click') await person(userId, 'click', key, { account: chat.appId })
    else if (type === 'miniprogram') say(t(`打开小程序 ${pagepath}`, `Opens the mini program at ${pagepath}`))
    else await person(userId, 'event', { Event: type, EventKey: key }, { account: chat.appId })
  }
  return (
    <nav class="menu-bar" aria-label={t('公众号菜单', 'Menu')}>
      {chat.menu.map((button) => {
        const children = button.sub_button ?? []
        const isOpen = opened === button.name
        return (
          <div key={button.name}>
            {isOpen && (
              <div class="sub-menu">
                {children.map((child) => (
                  <button type="button" key={child.name} onClick={() => void attempt(() => press(child))}>
                    {child.name}
                  </button>
                ))}
              </div>
            )}
            <button
              type="button"
              aria-expanded={children.length > 0 ? isOpen : undefined}
              onClick={() =>
                children.length > 0 ? setOpened(isOpen ? undefined : button.name) : void attempt(() => press(button))
              }
            >
              {children.length > 0 && <Icon name="menu" />}
              {button.name}
            </button>
          </div>
        )
      })}
    </nav>
  )
}

const MONEY_STATES: Readonly<Record<string, readonly [string, string]>> = {
  WAIT_USER_CONFIRM: ['待收款', 'to be confirmed'],
  SUCCESS: ['已收款', 'received'],
  FAIL: ['已退回', 'gave back'],
  CANCELLED: ['已撤销', 'cancelled'],
  CANCELING: ['撤销中', 'being cancelled'],
  SENT: ['待领取', 'not opened'],
  RECEIVED: ['已领取', 'opened'],
  REFUND: ['已退回', 'gave back'],
  TAKING_EFFECT: ['已授权', 'agreed'],
  CLOSED: ['已关闭', 'closed'],
  PROCESSING: ['处理中', 'under way'],
  FINISHED: ['已完成', 'done'],
  ABNORMAL: ['异常', 'abnormal']
}

/** The state of money in words; of a refund they are others than of a payout. */
export const stateName = (state: string, kind?: MoneyView['kind']): string => {
  if (kind === 'refund' && state === 'SUCCESS') return t('已退款', 'refunded')
  const [zh, en] = MONEY_STATES[state] ?? [state, state]
  return t(zh, en)
}

function Money({ money, userId }: { money: MoneyView; userId: string }) {
  const left =
    money.deadline === undefined || !money.isOpen
      ? ''
      : ` · ${t('剩', 'left:')} ${span(money.deadline - businessTime.value)}`
  const isPacket = money.kind === 'redPack'
  const take = async () => {
    if (isPacket) {
      const { amount } = await act<{ amount: number }>(userId, 'openRedPack', money.number)
      say(t(`领到 ${yuan(amount)}`, `Received ${yuan(amount)}`))
    } else if (money.kind === 'transfer') await act(userId, 'confirmTransfer', money.number)
    else await act(userId, 'authorizeTransfers', money.number)
    changes.value++
  }
  const isOpenForMe = money.isOpen && money.state !== 'TAKING_EFFECT'
  return (
    <div class={`money ${isPacket ? 'packet' : 'transfer'}${isOpenForMe ? '' : ' done'}`}>
      <Icon name={isPacket ? 'packet' : 'pay'} />
      <div>
        <b>
          {isPacket
            ? money.title
            : money.kind === 'transfer'
              ? yuan(money.amount)
              : t('免确认收款授权', 'Transfers without confirmation')}
        </b>
        <small>
          {isPacket ? (money.detail ?? '') : money.title} · {stateName(money.state)}
          {left}
        </small>
      </div>
      {isOpenForMe && (
        <Button kind="quiet" onClick={take}>
          {isPacket ? t('拆红包', 'Open') : money.kind === 'transfer' ? t('确认收款', 'Confirm') : t('同意', 'Agree')}
        </Button>
      )}
    </div>
  )
}

function Say({ slot, chat, userId }: { slot: SlotNumber; chat: ChatView; userId: string }) {
  const send = () => {
    const text = slots[slot].value.draft.trim()
    if (text === '') return
    change(slot, { draft: '' })
    void attempt(() => person(userId, 'send', text, { account: chat.appId }))
  }
  return (
    <form
      class="say"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <button
        type="button"
        class="icon-button"
        title={t('发一张图片', 'Send a picture')}
        aria-label={t('发一张图片', 'Send a picture')}
        onClick={() => void attempt(() => person(userId, 'send', { MsgType: 'image' }, { account: chat.appId }))}
      >
        <Icon name="plus" />
      </button>
      <input
        value={slots[slot].value.draft}
        onInput={(event) => change(slot, { draft: event.currentTarget.value })}
        placeholder={t('发消息…', 'Write…')}
        aria-label={t('发消息', 'Message')}
      />
      <button type="submit" class="button main">
        {t('发送', 'Send')}
      </button>
    </form>
  )
}

function Subscribe({ chat, userId }: { chat: ChatView; userId: string }) {
  if (chat.subscribeTemplates.length === 0) return null
  return (
    <details class="subscribe">
      <summary>
        {t(`订阅消息（${chat.subscribeTemplates.length}）`, `Subscribe messages (${chat.subscribeTemplates.length})`)}
      </summary>
      {chat.subscribeTemplates.map(({ id, title, left }) => (
        <p key={id}>
          <span>
            {title} <small class="dim">{left === null ? t('长期', 'long-term') : `× ${left}`}</small>
          </span>
          <Button kind="quiet" onClick={() => person(userId, 'subscribe', id, { account: chat.appId })}>
            {t('允许一次', 'Allow once')}
          </Button>
        </p>
      ))}
    </details>
  )
}

export function Chat({ slot, phone }: { slot: SlotNumber; phone: PhoneView }) {
  const { appId } = slots[slot].value
  const chat = phone.chats.find((one) => one.appId === appId) ?? phone.chats[0]
  const end = useRef<HTMLDivElement>(null)
  const count = chat?.lines.length ?? 0
  useLayoutEffect(() => {
    const { current } = end
    if (current) current.scrollTop = current.scrollHeight
  }, [count, chat?.appId, phone.money.length])
  if (!chat) return null
  const userId = phone.user.id
  const isAccount = chat.kind === 'officialAccount'
  // Money is in the chat of the account whose merchant sent it; which one that is does not matter to a person.
  const money = isAccount ? phone.money.filter(({ kind }) => kind !== 'refund').slice(-6) : []
  return (
    <>
      <header class="bar">
        <select
          value={chat.appId}
          onChange={(event) => change(slot, { appId: event.currentTarget.value })}
          aria-label={t('会话', 'Chat')}
        >
          {phone.chats.map((one) => (
            <option key={one.appId} value={one.appId}>
              {one.name}
              {one.kind === 'miniProgram' ? t(' · 小程序客服', ' · mini program') : ''}
            </option>
          ))}
        </select>
        {isAccount ? (
          <Button
            kind="quiet"
            onClick={() => person(userId, chat.isFollower ? 'unfollow' : 'follow', { account: chat.appId })}
          >
            {chat.isFollower ? t('取消关注', 'Unfollow') : t('关注', 'Follow')}
          </Button>
        ) : (
          <Button kind="quiet" onClick={() => person(userId, 'enterChat', { account: chat.appId })}>
            {t('进入会话', 'Enter')}
          </Button>
        )}
      </header>
      <div class="chat" ref={end} role="log" aria-label={t('聊天记录', 'Conversation')}>
        {chat.lines.length === 0 && money.length === 0 && (
          <p class="aside">
            {isAccount && !chat.isFollower
              ? t('还没有关注这个公众号', 'not following yet')
              : t('还没有消息', 'no messages yet')}
          </p>
        )}
        {chat.lines.map((line, i) => (
          <Bubble key={`${line.time}-${i}`} chat={chat} line={line} user={phone.user} />
        ))}
        {money.map((one) => (
          <Money key={`${one.kind}-${one.number}`} money={one} userId={userId} />
        ))}
        <Subscribe chat={chat} userId={userId} />
      </div>
      <Menu chat={chat} userId={userId} />
      <Say slot={slot} chat={chat} userId={userId} />
    </>
  )
}
