import type { ChatLine, ChatView, UserView } from '../framework/views.ts'
import { clockTime, milliseconds } from './format.ts'
import { noteText } from './note-text.ts'
import { Avatar } from './parts.tsx'
import { open } from './route.ts'
import { t } from './settings.ts'

type Fields = Readonly<Record<string, unknown>>

const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {})
const textOf = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')
/** The first field that is there: a reply and a customer-service message spell the same thing differently. */
const pick = (from: unknown, ...names: string[]): string => {
  const fields = fieldsOf(from)
  return names.map((name) => textOf(fields[name])).find((one) => one !== '') ?? ''
}

const MEDIA: Readonly<Record<string, readonly [string, string]>> = {
  image: ['图片', 'Picture'],
  voice: ['语音', 'Voice'],
  video: ['视频', 'Video'],
  music: ['音乐', 'Music']
}

/** What somebody did, in words. */
function eventText(content: Fields): string {
  const { Event, EventKey } = content
  const key = textOf(EventKey)
  switch (Event) {
    case 'subscribe':
      return key === ''
        ? t('关注了公众号', 'followed')
        : t(`扫码关注 · ${key.replace('qrscene_', '')}`, `followed by scanning · ${key.replace('qrscene_', '')}`)
    case 'unsubscribe':
      return t('取消了关注', 'unfollowed')
    case 'SCAN':
      return t(`扫码 · ${key}`, `scanned · ${key}`)
    case 'CLICK':
      return t(`点菜单 · ${key}`, `touched the menu · ${key}`)
    case 'VIEW':
      return t(`打开网页 · ${key}`, `opened a page · ${key}`)
    case 'user_enter_tempsession':
      return t('进入客服会话', 'opened the customer-service chat')
    case 'subscribe_msg_popup_event':
      return t('允许了订阅消息', 'accepted subscribe messages')
    default:
      return `${textOf(Event)} ${key}`
  }
}

/** Only addresses of the web become links. */
const isWeb = (url: string): boolean => /^https?:\/\//i.test(url)

function Card({
  title,
  meta,
  rows,
  url
}: {
  title: string
  meta: string
  rows: readonly (readonly [string, string])[]
  url: string
}) {
  return (
    <div class="card">
      <h4>{title}</h4>
      <p class="dim">{meta}</p>
      <dl>
        {rows.map(([name, value]) => (
          <>
            <dt key={`${name}-name`}>{name}</dt>
            <dd key={name}>{value}</dd>
          </>
        ))}
      </dl>
      {url !== '' && (
        <p class="more">
          {isWeb(url) ? (
            <a href={url} target="_blank" rel="noreferrer">
              {t('查看详情', 'Open')}
            </a>
          ) : (
            <span class="mono">{url}</span>
          )}
        </p>
      )}
    </div>
  )
}

/** `订单：T1` in a template is a row of its card. */
function templateRows(text: string): readonly (readonly [string, string])[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, name, value] = /^([^：:]{1,12})[：:](.*)$/.exec(line) ?? []
      return name === undefined ? (['', line] as const) : ([name, value ?? ''] as const)
    })
}

function dataRows(data: unknown): readonly (readonly [string, string])[] {
  return Object.entries(fieldsOf(data)).map(([name, value]) => [name, pick(value, 'value')] as const)
}

interface Article {
  readonly title: string
  readonly description: string
  readonly url: string
}

function articlesOf(content: unknown): Article[] {
  const { articles, Articles } = fieldsOf(content)
  const given = articles ?? fieldsOf(Articles).item
  const list = Array.isArray(given) ? given : given === undefined ? [] : [given]
  return list.map((one) => ({
    title: pick(one, 'title', 'Title'),
    description: pick(one, 'description', 'Description'),
    url: pick(one, 'url', 'Url')
  }))
}

function Media({ chat, kind, content }: { chat: ChatView; kind: string; content: unknown }) {
  const inner = fieldsOf(content)[kind.charAt(0).toUpperCase() + kind.slice(1)] ?? content
  const id = pick(inner, 'media_id', 'MediaId', 'thumb_media_id', 'ThumbMediaId')
  const [zh, en] = MEDIA[kind] ?? [kind, kind]
  const source = `/-/media/${encodeURIComponent(chat.appId)}/${encodeURIComponent(id)}`
  return (
    <div class="bubble media">
      {kind === 'image' && id !== '' ? (
        <img src={source} alt={t('图片', 'Picture')} loading="lazy" />
      ) : (
        <b>{t(zh, en)}</b>
      )}
      <small class="mono">{pick(inner, 'title', 'Title') || id}</small>
    </div>
  )
}

function Content({ chat, line }: { chat: ChatView; line: ChatLine }) {
  const { kind, content } = line
  const fields = fieldsOf(content)
  if (kind === 'text') return <div class="bubble">{pick(content, 'content', 'Content')}</div>
  if (kind === 'template' || kind === 'once') {
    const meta = kind === 'once' ? t('一次性订阅消息', 'One-time message') : t('模板消息', 'Template message')
    return (
      <Card
        title={pick(content, 'title')}
        meta={meta}
        rows={templateRows(pick(content, 'text'))}
        url={pick(content, 'url')}
      />
    )
  }
  if (kind === 'subscribe')
    return (
      <Card
        title={pick(content, 'title')}
        meta={t('订阅消息', 'Subscribe message')}
        rows={dataRows(fields.data)}
        url={pick(content, 'page')}
      />
    )
  if (kind === 'news' || kind === 'link') {
    const articles =
      kind === 'link'
        ? [
            {
              title: pick(content, 'title', 'Title'),
              description: pick(content, 'description', 'Description'),
              url: pick(content, 'url', 'Url')
            }
          ]
        : articlesOf(content)
    return (
      <>
        {articles.map((article) => (
          <Card key={article.title} title={article.title} meta={article.description} rows={[]} url={article.url} />
        ))}
      </>
    )
  }
  if (kind === 'miniprogrampage')
    return (
      <Card
        title={pick(content, 'title')}
        meta={t('小程序卡片', 'Mini program card')}
        rows={[]}
        url={pick(content, 'pagepath')}
      />
    )
  if (kind === 'msgmenu') {
    const list = Array.isArray(fields.list) ? fields.list : []
    return (
      <Card
        title={pick(content, 'head_content')}
        meta=""
        rows={list.map((one) => ['·', pick(one, 'content')] as const)}
        url=""
      />
    )
  }
  if (kind === 'transfer_customer_service') return <p class="aside">{t('转接给人工客服', 'handed over to an agent')}</p>
  if (kind in MEDIA) return <Media chat={chat} kind={kind} content={content} />
  return <div class="bubble mono">{`${kind} ${JSON.stringify(content)}`}</div>
}

/** How the application took what was written. */
function Fate({ line }: { line: ChatLine }) {
  const { outcome, tookMs, note, deliveryId } = line
  if (outcome === undefined) return null
  const isLate = tookMs !== undefined && tookMs >= 5000
  // WeChat stops waiting then: how long it would have taken is not known.
  const time = isLate ? t('超过 5 秒，微信不再等待', 'over 5 s, WeChat stopped waiting') : milliseconds(tookMs ?? 0)
  const took = tookMs === undefined ? '' : ` · ${time}`
  const text = {
    pending: isLate
      ? t(`超过 5 秒没有回复，微信正在重试`, 'no response within 5 s, WeChat retries')
      : t('正在送达…', 'on its way…'),
    replied: t('已回复', 'replied'),
    silent: t('已收到，没有回复', 'received, no reply'),
    failed: isLate
      ? t('应用太慢', 'the application was too late')
      : t('应用没有处理', 'the application did not take it')
  }[outcome]
  const more = outcome === 'failed' && note ? ` — ${noteText(note)}` : ''
  return (
    <p class={`fate${outcome === 'failed' ? ' bad' : ''}`}>
      {text}
      {took}
      {more}
      {deliveryId !== undefined && outcome === 'failed' && (
        <button type="button" class="text-button" onClick={() => open('live')}>
          {t('查看记录', 'see the list')}
        </button>
      )}
    </p>
  )
}

export function Bubble({ chat, line, user }: { chat: ChatView; line: ChatLine; user: UserView }) {
  if (line.side === 'notice')
    return (
      <p class="aside bad" role="alert">
        {textOf(line.content)}
      </p>
    )
  if (line.side === 'me' && line.kind === 'event')
    return (
      <div class="aside">
        {clockTime(line.time)} {eventText(fieldsOf(line.content))}
        <Fate line={line} />
      </div>
    )
  return (
    <div class={`said ${line.side}`}>
      {line.side === 'me' ? (
        <Avatar user={user} />
      ) : (
        <span class="avatar account" aria-hidden="true">
          {[...chat.name][0] ?? '号'}
        </span>
      )}
      <div class="body">
        <Content chat={chat} line={line} />
        {line.side === 'me' && <Fate line={line} />}
      </div>
    </div>
  )
}
