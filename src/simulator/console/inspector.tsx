import { useEffect, useState } from 'preact/hooks'
import type { SignatureFinding } from '../framework/signature-finding.ts'
import type { ExchangeView } from '../framework/views.ts'
import { get, post } from './api.ts'
import { DeliveryById } from './delivery.tsx'
import { differenceOf } from './difference.ts'
import { download, toCurl, toVitest } from './export.ts'
import { clockTime, milliseconds, pretty } from './format.ts'
import { Icon, type IconName } from './icons.tsx'
import { masked, maskedHeader } from './mask.ts'
import { noteText } from './note-text.ts'
import { Button, Code, CopyButton, copy, Empty, IconButton, say } from './parts.tsx'
import { pane, route } from './route.ts'
import { isMasked, language, t } from './settings.ts'

interface Check {
  readonly mark: 'check' | 'cross' | 'dash'
  readonly text: string
}

/** Every check in the order in which it was made; the response itself where nothing more is known. */
function checksOf({ verified, refused, isBad, outcome, about, note, direction }: ExchangeView): Check[] {
  const passed = verified.map((text): Check => ({ mark: 'check', text }))
  const failed = refused.map((text): Check => ({ mark: 'cross', text }))
  const said: Check[] =
    isBad && failed.length === 0
      ? [{ mark: 'cross', text: [outcome, direction === 'out' ? note : about].filter(Boolean).join(' · ') }]
      : []
  const more: Check[] = note && direction === 'in' ? [{ mark: 'dash', text: note }] : []
  const after: Check[] =
    isBad && direction === 'in' && passed.length + failed.length > 0 && failed.length > 0
      ? [
          {
            mark: 'dash',
            text: t('请求在这里被拒，后面的检查没有执行', 'what comes after was not checked: the call was refused here')
          }
        ]
      : []
  return [...passed, ...failed, ...said, ...more, ...after]
}

function Checks({ exchange }: { exchange: ExchangeView }) {
  const checks = checksOf(exchange)
  if (checks.length === 0) return null
  const label = { check: t('通过', 'passed'), cross: t('未通过', 'failed'), dash: t('说明', 'note') }
  return (
    <ul class="checks" aria-label={t('检查', 'Checks')}>
      {checks.map(({ mark, text }, i) => (
        <li key={`${i}-${text}`} class={mark}>
          <Icon name={mark satisfies IconName} />
          <span class="unseen">{label[mark]}</span>
          <span>{noteText(text)}</span>
        </li>
      ))}
    </ul>
  )
}

function Side({ title, before, part, after }: { title: string; before: string; part: string; after: string }) {
  return (
    <div>
      <h4>{title}</h4>
      <pre>
        {before}
        <mark>{part === '' ? '∅' : part.replaceAll('\n', '↵\n')}</mark>
        {after}
      </pre>
    </div>
  )
}

function Signature({ finding }: { finding: SignatureFinding }) {
  const { expectedText, signedText, expected, given, algorithm } = finding
  const difference = signedText === undefined ? undefined : differenceOf(expectedText, signedText)
  return (
    <div class="signature">
      <dl class="facts">
        <dt>{t('算法', 'Algorithm')}</dt>
        <dd>{algorithm}</dd>
        {expected !== undefined && (
          <>
            <dt>{t('应为', 'Expected')}</dt>
            <dd class="mono">{isMasked.value ? `${expected.slice(0, 6)}…` : expected}</dd>
          </>
        )}
        <dt>{t('收到', 'Received')}</dt>
        <dd class="mono">{isMasked.value ? `${given.slice(0, 6)}…` : given}</dd>
        {difference && difference.left !== difference.right && (
          <>
            <dt>{t('第一处差异', 'First difference')}</dt>
            <dd>{t(`第 ${difference.at} 个字符`, `character ${difference.at}`)}</dd>
          </>
        )}
      </dl>
      {difference ? (
        <div class="pair">
          <Side
            title={t('应签的串', 'To be signed')}
            before={difference.before}
            part={difference.left}
            after={difference.after}
          />
          <Side
            title={t('应用签的串（推断）', 'What the application signed (inferred)')}
            before={difference.before}
            part={difference.right}
            after={difference.after}
          />
        </div>
      ) : (
        <div>
          <h4>{t('应签的串', 'To be signed')}</h4>
          <Code>{expectedText}</Code>
        </div>
      )}
    </div>
  )
}

/** Why it was refused, in a sentence or two. */
function Why({ exchange }: { exchange: ExchangeView }) {
  if (!exchange.isBad) return null
  const { signature, refused, about, note } = exchange
  const tried =
    signature && t(`尝试了 ${signature.compared} 种常见错误`, `${signature.compared} usual mistakes were tried`)
  const known = exchange.direction === 'out' ? note : undefined
  const reason = signature?.mistake?.[language.value] ?? noteText(refused.at(-1) ?? known ?? (about || note) ?? '')
  return (
    <div class="why" role="note">
      <b>{t('为什么', 'Why')}</b>
      <p>{reason || t('没有收到响应。', 'There was no response.')}</p>
      {tried && (
        <p class="dim">
          {signature?.mistake
            ? `${tried}${t('，只有这一种得到同样的签名。', ', and only this one gives the signature.')}`
            : `${tried}${t('，都不符合：密钥不对，或签名后又改了字段。', ', and none fits: another key, or fields that were changed after signing.')}`}
        </p>
      )}
    </div>
  )
}

function Message({ title, headers, body }: { title: string; headers: Readonly<Record<string, string>>; body: string }) {
  const names = Object.keys(headers)
  return (
    <details class="message" open>
      <summary>{title}</summary>
      {names.length > 0 && (
        <details class="headers">
          <summary>{t(`${names.length} 个 HTTP 头`, `${names.length} headers`)}</summary>
          <dl class="facts mono">
            {names.map((name) => (
              <>
                <dt key={`${name}-name`}>{name}</dt>
                <dd key={name}>{maskedHeader(name, headers[name] ?? '')}</dd>
              </>
            ))}
          </dl>
        </details>
      )}
      {body === '' ? <p class="dim">{t('内容为空', 'no body')}</p> : <Code>{masked(pretty(body))}</Code>}
    </details>
  )
}

function fileName({ id, path }: ExchangeView): string {
  return `exchange-${id}-${path.split('/').filter(Boolean).at(-1) ?? 'call'}.test.ts`.replace(/[^\w.-]/g, '-')
}

function Actions({ exchange }: { exchange: ExchangeView }) {
  const target = `${exchange.host}${exchange.path}`
  const fail = async () => {
    await post('fail', { match: target, kind: 'timeout' })
    say(t('下一次同样的调用会超时', 'The next call of this kind times out'))
  }
  return (
    <div class="acts">
      <Button icon="copy" onClick={() => copy(toCurl(exchange), 'curl')}>
        {t('复制 curl', 'Copy as curl')}
      </Button>
      <Button onClick={() => download(fileName(exchange), toVitest(exchange))}>
        {t('导出为 vitest 测试', 'Export as a vitest file')}
      </Button>
      {exchange.direction === 'in' && exchange.service !== 'unknown' && (
        <Button onClick={fail}>{t('让下一次超时', 'Make the next one time out')}</Button>
      )}
      <Button icon="link" onClick={() => copy(location.href, t('链接', 'the link'))}>
        {t('复制链接', 'Copy link')}
      </Button>
    </div>
  )
}

function Details({ exchange }: { exchange: ExchangeView }) {
  const { method, path, host, time, durationMs, account, direction, isBad, outcome, deliveryId, signature } = exchange
  return (
    <article class="details" aria-label={t('交互详情', 'Exchange')}>
      <header>
        <h2 class={isBad ? 'bad' : 'good'}>
          <Icon name={isBad ? 'cross' : 'check'} />
          {outcome}
        </h2>
        <code>
          {method} {path}
        </code>
        <p class="dim">
          {direction === 'in' ? t('应用 → 微信', 'application → WeChat') : t('微信 → 应用', 'WeChat → application')} ·{' '}
          {host} · {clockTime(time)} · {milliseconds(durationMs)}
          {account && ` · ${account}`} · #{exchange.id}
        </p>
        <span class="side">
          <IconButton
            icon={isMasked.value ? 'hidden' : 'eye'}
            label={isMasked.value ? t('显示密钥与签名', 'Show secrets') : t('隐藏密钥与签名', 'Hide secrets')}
            pressed={!isMasked.value}
            onClick={() => {
              isMasked.value = !isMasked.value
            }}
          />
        </span>
      </header>
      <Why exchange={exchange} />
      <Checks exchange={exchange} />
      {signature && <Signature finding={signature} />}
      <Actions exchange={exchange} />
      {deliveryId !== undefined && <DeliveryById id={deliveryId} />}
      <Message title={t('请求', 'Request')} headers={exchange.requestHeaders} body={exchange.requestBody} />
      <Message title={t('响应', 'Response')} headers={exchange.responseHeaders} body={exchange.responseBody} />
      <p>
        <CopyButton text={JSON.stringify(exchange, null, 2)} what="JSON">
          JSON
        </CopyButton>
      </p>
    </article>
  )
}

type Found = { readonly id: number; readonly exchange?: ExchangeView; readonly problem?: string }

export function Inspector() {
  const id = route.value.exchange
  const [found, setFound] = useState<Found | undefined>(undefined)
  useEffect(() => {
    if (id === undefined) return
    pane.value = 'detail'
    get<ExchangeView>(`exchanges/${id}`).then(
      (exchange) => setFound({ id, exchange }),
      (error: unknown) => setFound({ id, problem: error instanceof Error ? error.message : String(error) })
    )
  }, [id])
  if (id === undefined)
    return (
      <Empty icon="live">
        {t(
          '选一条记录，查看发送的内容、做过的检查和被拒的原因。用 ↑ ↓ 逐条查看。',
          'Choose an exchange to see what was sent, what was checked, and why it was refused. ↑ ↓ go through them.'
        )}
      </Empty>
    )
  if (found?.problem !== undefined)
    return (
      <Empty icon="cross">{t(`这条记录（#${id}）已经不在了。`, `This exchange (#${id}) is no longer kept.`)}</Empty>
    )
  return found?.exchange ? <Details key={found.id} exchange={found.exchange} /> : null
}
