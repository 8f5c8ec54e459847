import { useState } from 'preact/hooks'
import type { StateView } from '../framework/views.ts'
import { post } from './api.ts'
import { rows } from './exchange-store.ts'
import { Button, Empty, Form, Section, Tag } from './parts.tsx'
import { t } from './settings.ts'
import { changes, useTopic } from './topics.ts'

const KINDS: readonly (readonly [string, string, string])[] = [
  ['timeout', '超时', 'timeout'],
  ['reset', '断开', 'reset'],
  ['slow', '慢 3 秒', 'slow, 3 s'],
  ['html', '返回 502 网页', '502 page'],
  ['truncated', '只返回一半', 'half a body'],
  ['bad-signature', '签名错误', 'bad signature']
]

interface Endpoint {
  readonly match: string
  readonly count: number
}

/** The endpoints that the application calls, those that it calls most first. */
function endpointsSeen(): Endpoint[] {
  const counts = new Map<string, number>()
  for (const { direction, host, path, service } of rows.value) {
    if (direction === 'in' && service !== 'unknown')
      counts.set(`${host}${path}`, (counts.get(`${host}${path}`) ?? 0) + 1)
  }
  return [...counts]
    .map(([match, count]) => ({ match, count }))
    .sort((a, b) => b.count - a.count)
    .slice(0, 40)
}

async function fail(match: string, fault: object): Promise<void> {
  await post('fail', { match, ...fault })
  changes.value++
}

async function end(id: number): Promise<void> {
  await post(`faults/${id}/end`, {})
  changes.value++
}

const MISCHIEF: readonly (readonly [string, unknown[], string, string])[] = [
  ['pay/probeNotifications', [1], '下一个支付通知先发签名探测', 'Next payment notification begins with a probe'],
  ['pay/forgeNotifications', [1], '下一个支付通知用错密钥', 'Next payment notification has another key'],
  ['pay/probeResponses', [1], '下一个 v3 响应带签名探测', 'Next v3 response carries a probe'],
  ['pay/rotatePlatformCertificate', [], '轮换平台证书', 'Rotate the platform certificate'],
  ['wechat/forgeMessages', [1], '下一条消息签名不对', 'Next message is forged'],
  ['wechat/unsignMessages', [1], '下一条消息没有签名', 'Next message has no signature'],
  ['wechat/invalidateTokens', [], 'access_token 立即失效', 'Invalidate the access token']
]

export function Faults() {
  const state = useTopic<StateView>('state')
  const faults = state?.faults ?? []
  const [match, setMatch] = useState('')
  const [kind, setKind] = useState('timeout')
  const [code, setCode] = useState('')
  const [times, setTimes] = useState('1')
  const what = () =>
    kind === 'errcode'
      ? { errcode: /^-?\d+$/.test(code) ? Number(code) : code }
      : kind === 'status'
        ? { status: Number(code) }
        : { kind }
  const count = () => ({ times: times === '' ? null : Number(times) })
  const seen = endpointsSeen()
  return (
    <div class="page">
      <Section
        title={t('生效中的故障', 'Faults in force')}
        side={
          <Button
            kind="danger"
            disabled={faults.length === 0}
            onClick={async () => {
              await post('recover', {})
              changes.value++
            }}
          >
            {t('全部恢复', 'Recover all')}
          </Button>
        }
      >
        {faults.length === 0 && (
          <Empty icon="faults">
            {t('一切正常。打开下面的开关，模拟微信出错。', 'All is well. Turn on a switch below to make WeChat fail.')}
          </Empty>
        )}
        <ul class="rows">
          {faults.map((fault) => (
            <li class="row" key={fault.id}>
              <div class="row-main">
                <div>
                  <b class="mono">{fault.match}</b>
                  <small>
                    {t('命中', 'hit')} {fault.hits} ·{' '}
                    {fault.remaining === null
                      ? t('一直', 'until it is ended')
                      : t(`还有 ${fault.remaining} 次`, `${fault.remaining} to come`)}
                  </small>
                </div>
                <Tag tone="warn">{fault.what}</Tag>
                <Button kind="quiet" onClick={() => end(fault.id)}>
                  {t('恢复', 'Recover')}
                </Button>
              </div>
            </li>
          ))}
        </ul>
      </Section>
      <Section title={t('应用调用过的接口', 'Endpoints that the application calls')}>
        {seen.length === 0 && (
          <Empty icon="live">{t('应用调用后，接口会出现在这里。', 'Endpoints come here once they are called.')}</Empty>
        )}
        <ul class="rows">
          {seen.map((endpoint) => {
            const own = faults.filter((fault) => fault.match === endpoint.match)
            return (
              <li class="row" key={endpoint.match}>
                <div class="row-main">
                  <div>
                    <b class="mono">{endpoint.match}</b>
                    <small>{t(`调用 ${endpoint.count} 次`, `called ${endpoint.count} times`)}</small>
                  </div>
                </div>
                <div class="acts switches">
                  {KINDS.map(([name, zh, en]) => {
                    const on = own.find((fault) => fault.what === name)
                    return (
                      <button
                        type="button"
                        role="switch"
                        class="switch"
                        key={name}
                        aria-checked={on !== undefined}
                        onClick={() => void (on ? end(on.id) : fail(endpoint.match, { kind: name, times: null }))}
                      >
                        <i aria-hidden="true" />
                        {t(zh, en)}
                        {on && on.hits > 0 && <em>{on.hits}</em>}
                      </button>
                    )
                  })}
                </div>
              </li>
            )
          })}
        </ul>
      </Section>
      <Section title={t('自定义故障', 'Any other fault')}>
        <Form
          label={t('自定义故障', 'Any other fault')}
          onSubmit={async () => {
            await fail(match === '' ? '*' : match, { ...what(), ...count() })
            setMatch('')
          }}
        >
          <div class="fields">
            <label class="field">
              {t('路径包含（* 为全部）', 'Path contains (* is all)')}
              <input
                value={match}
                placeholder="/pay/unifiedorder"
                onInput={(event) => setMatch(event.currentTarget.value)}
              />
            </label>
            <label class="field">
              {t('故障', 'Fault')}
              <select value={kind} onChange={(event) => setKind(event.currentTarget.value)}>
                {KINDS.map(([name, zh, en]) => (
                  <option key={name} value={name}>
                    {t(zh, en)}
                  </option>
                ))}
                <option value="errcode">{t('错误码', 'error code')}</option>
                <option value="status">{t('HTTP 状态', 'HTTP status')}</option>
              </select>
            </label>
            {(kind === 'errcode' || kind === 'status') && (
              <label class="field">
                {kind === 'errcode' ? t('错误码', 'Error code') : t('状态', 'Status')}
                <input
                  value={code}
                  placeholder={kind === 'errcode' ? '45009' : '503'}
                  onInput={(event) => setCode(event.currentTarget.value)}
                />
              </label>
            )}
            <label class="field">
              {t('次数（空为一直）', 'Times (empty: always)')}
              <input inputMode="numeric" value={times} onInput={(event) => setTimes(event.currentTarget.value)} />
            </label>
            <button type="submit" class="button main">
              {t('添加', 'Add')}
            </button>
          </div>
        </Form>
      </Section>
      <Section title={t('回调与密钥', 'Callbacks and keys')}>
        <div class="acts">
          {MISCHIEF.map(([path, args, zh, en]) => (
            <Button key={path} onClick={() => post(path, args)}>
              {t(zh, en)}
            </Button>
          ))}
          <Button
            pressed={state?.isCaptchaDown ?? false}
            onClick={async () => {
              await post('geetest/setDown', [!(state?.isCaptchaDown ?? false)])
              changes.value++
            }}
          >
            {t('极验宕机', 'Geetest is down')}
          </Button>
        </div>
      </Section>
    </div>
  )
}
