import { useEffect, useState } from 'preact/hooks'
import type { CodeView, PhoneView, ScanView } from '../framework/views.ts'
import { act, post } from './api.ts'
import { clockTime, yuan } from './format.ts'
import { Icon, type IconName } from './icons.tsx'
import { attempt, Button, CopyButton, say, Tag } from './parts.tsx'
import { change, type SlotNumber, slots } from './people.ts'
import { t } from './settings.ts'
import { changes, useTopic } from './topics.ts'

const ICONS: Readonly<Record<CodeView['kind'], IconName>> = {
  pay: 'pay',
  scene: 'chat',
  miniProgram: 'program',
  link: 'link',
  authorize: 'accounts'
}

/** A picture as a data URL; anything else as its text. */
function readFile(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(new Error(t('无法读取这个文件', 'This file cannot be read')))
    if (file.type.startsWith('image/')) reader.readAsDataURL(file)
    else reader.readAsText(file)
  })
}

/** Where the browser is sent after a consent. */
function Redirect({ url }: { url: string }) {
  return (
    <div class="result good">
      <b>{t('应用会收到', 'The application gets')}</b>
      <p class="mono">{url}</p>
      <div class="acts">
        <a class="button main" href={/^https?:/i.test(url) ? url : '#'} target="_blank" rel="noreferrer">
          {t('打开', 'Open')}
        </a>
        <CopyButton text={url} what={t('地址', 'the address')} />
      </div>
    </div>
  )
}

function Consent({
  found,
  phone
}: {
  found: Extract<ScanView, { kind: 'authorize' | 'subscribeOnce' }>
  phone: PhoneView
}) {
  const [redirect, setRedirect] = useState<string | undefined>(undefined)
  const isOnce = found.kind === 'subscribeOnce'
  const decide = async (options: object) => {
    setRedirect(await act<string>(phone.user.id, isOnce ? 'subscribeOnce' : 'authorize', found.url, options))
    changes.value++
  }
  return (
    <div class="result">
      <h3>{isOnce ? t('订阅一条消息', 'Subscribe to one message') : t('授权登录', 'Log in')}</h3>
      <p>
        <b>{found.account}</b> <span class="dim mono">{found.redirectUri}</span>
      </p>
      {found.kind === 'authorize' && (
        <p>
          <Tag>{found.scope}</Tag> {t(`以 ${phone.user.nickname} 的身份`, `as ${phone.user.nickname}`)}
        </p>
      )}
      <div class="acts">
        <Button kind="main" onClick={() => decide({})}>
          {isOnce ? t('确认', 'Confirm') : t('同意', 'Allow')}
        </Button>
        <Button onClick={() => decide({ accept: false })}>{t('拒绝', 'Refuse')}</Button>
        {!isOnce && (
          <>
            <Button onClick={() => decide({ snapshot: true })}>{t('快照页用户', 'As snapshot user')}</Button>
            <Button onClick={() => decide({ expired: true })}>{t('使用过期的 code', 'With an expired code')}</Button>
          </>
        )}
      </div>
      {redirect !== undefined && <Redirect url={redirect} />}
    </div>
  )
}

function Found({ found, slot, phone }: { found: ScanView; slot: SlotNumber; phone: PhoneView }) {
  const userId = phone.user.id
  switch (found.kind) {
    case 'pay':
      return (
        <div class="result">
          <h3>{found.order.description}</h3>
          <p class="price">{yuan(found.order.total)}</p>
          <Button kind="main" onClick={() => change(slot, { app: 'pay', order: found.order.prepayId })}>
            {t('去付款', 'Go to payment')}
          </Button>
        </div>
      )
    case 'scene':
      return (
        <div class="result">
          <h3>{found.account}</h3>
          <p>
            {t('带参数的二维码，场景值', 'QR code with the scene')} <Tag>{found.scene}</Tag>
          </p>
          <Button
            kind="main"
            onClick={async () => {
              await act(userId, 'scan', found.ticket)
              changes.value++
              change(slot, { app: 'chat', appId: found.appId })
            }}
          >
            {t('扫码进入公众号', 'Scan')}
          </Button>
        </div>
      )
    case 'miniProgram':
      return (
        <div class="result">
          <h3>{found.account}</h3>
          <dl class="facts mono">
            <dt>page</dt>
            <dd>{found.page || t('首页', 'home page')}</dd>
            <dt>scene / query</dt>
            <dd>{found.scene || '—'}</dd>
          </dl>
          <Button
            kind="main"
            onClick={async () => {
              await act(userId, 'openMiniProgram', { account: found.appId })
              changes.value++
              say(
                t(
                  `${phone.user.nickname} 打开了 ${found.page || '首页'}`,
                  `${phone.user.nickname} opened ${found.page || 'the home page'}`
                )
              )
              change(slot, { app: 'program' })
            }}
          >
            {t('打开小程序', 'Open the mini program')}
          </Button>
        </div>
      )
    case 'authorize':
    case 'subscribeOnce':
      return <Consent key={found.url} found={found} phone={phone} />
    case 'money':
      return (
        <div class="result">
          <h3>{found.money.title}</h3>
          <p class="price">{yuan(found.money.amount)}</p>
          <Button kind="main" onClick={() => change(slot, { app: 'chat' })}>
            {t('到会话中领取', 'Open the chat')}
          </Button>
        </div>
      )
    case 'page':
      return (
        <div class="result">
          <h3>{t('网页', 'Web page')}</h3>
          <Redirect url={found.url} />
        </div>
      )
    default:
      return (
        <p class="result bad" role="alert">
          {found.problem}
        </p>
      )
  }
}

export function Scan({ slot, phone }: { slot: SlotNumber; phone: PhoneView }) {
  const codes = useTopic<CodeView[]>('codes') ?? []
  const text = slots[slot].value.scanned ?? ''
  const [found, setFound] = useState<ScanView | undefined>(undefined)
  const [isOver, setOver] = useState(false)
  const scan = async (given: string) => {
    // A picture is too large to be kept over a reload.
    change(slot, { scanned: given.length < 4000 ? given : '' })
    setFound(await post<ScanView>('scan', { text: given }))
  }
  // After a reload the same thing is under the camera.
  useEffect(() => {
    if (text !== '') void attempt(() => scan(text))
  }, [phone.user.id])
  const take = (file: File | undefined) => {
    if (file) void attempt(async () => scan(await readFile(file)))
  }
  return (
    <>
      <header class="bar">
        <b>{t('扫一扫', 'Scan')}</b>
      </header>
      <div class="scroll">
        <form
          class="form"
          aria-label={t('扫一扫', 'Scan')}
          onSubmit={(event) => {
            event.preventDefault()
            void attempt(() => scan(text))
          }}
        >
          <textarea
            rows={3}
            value={text}
            class={isOver ? 'over' : ''}
            onInput={(event) => change(slot, { scanned: event.currentTarget.value })}
            onDragOver={(event) => {
              event.preventDefault()
              setOver(true)
            }}
            onDragLeave={() => setOver(false)}
            onDrop={(event) => {
              const file = event.dataTransfer?.files[0]
              setOver(false)
              if (!file) return
              event.preventDefault()
              take(file)
            }}
            onPaste={(event) => {
              const file = event.clipboardData?.files[0]
              if (!file) return
              event.preventDefault()
              take(file)
            }}
            placeholder={t(
              '粘贴 code_url、二维码 ticket、授权链接、小程序链接…也可以把小程序码图片拖进来',
              'Paste a code_url, a QR ticket, an authorize address, a mini program link … or drop the picture of a code'
            )}
            aria-label={t('扫描内容', 'What is scanned')}
          />
          <div class="acts">
            <button type="submit" class="button main">
              <Icon name="scan" />
              {t('扫描', 'Scan')}
            </button>
            <label class="button">
              {t('选图片', 'Choose a picture')}
              <input
                class="unseen"
                type="file"
                accept="image/*,.svg,.txt"
                onChange={(event) => take(event.currentTarget.files?.[0])}
              />
            </label>
          </div>
        </form>
        {found && <Found found={found} slot={slot} phone={phone} />}
        <h3 class="label">{t('应用刚生成的', 'Just made by the application')}</h3>
        {codes.length === 0 && (
          <p class="dim">
            {t(
              '还没有：二维码、小程序码、支付码和授权链接会出现在这里。',
              'Nothing yet: QR codes, mini program codes, payment codes and authorize addresses come here.'
            )}
          </p>
        )}
        <ul class="list">
          {codes.map((code) => (
            <li key={code.text}>
              <button type="button" class="item" onClick={() => void attempt(() => scan(code.text))}>
                <Icon name={ICONS[code.kind]} />
                <span>
                  <b>{code.title || code.kind}</b>
                  <small class="mono">{code.text}</small>
                </span>
                <time>{clockTime(code.time)}</time>
              </button>
            </li>
          ))}
        </ul>
      </div>
    </>
  )
}
