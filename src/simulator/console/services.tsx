import { useState } from 'preact/hooks'
import type { CaptchaView, ObjectView, SmsView } from '../framework/views.ts'
import { post } from './api.ts'
import { DeliveryAbout } from './delivery.tsx'
import { bytes, dayTime } from './format.ts'
import { Button, Code, CopyButton, Empty, Section, Tag } from './parts.tsx'
import { t } from './settings.ts'
import { SmsLine } from './sms.tsx'
import { changes, useTopic } from './topics.ts'

const addressOf = ({ bucket, key }: ObjectView): string =>
  `/-/objects/${encodeURIComponent(bucket)}?key=${encodeURIComponent(key)}`

function StoredObject({ object }: { object: ObjectView }) {
  const [isOpened, setOpened] = useState(false)
  const isPicture = object.mimeType.startsWith('image/')
  return (
    <li class="row">
      <div class="row-main">
        <a class="thumb" href={addressOf(object)} target="_blank" rel="noreferrer" title={t('打开', 'Open')}>
          {isPicture ? (
            <img src={`${addressOf(object)}&hash=${object.hash}`} alt={object.key} loading="lazy" />
          ) : (
            <span>{object.key.split('.').at(-1)?.slice(0, 4)}</span>
          )}
        </a>
        <div>
          <b class="mono">{object.key}</b>
          <small>
            {object.bucket} · {bytes(object.size)} · {object.mimeType} · {dayTime(object.time)}
          </small>
        </div>
        <Button kind="quiet" pressed={isOpened} onClick={() => setOpened(!isOpened)}>
          {t('回调', 'Callback')}
        </Button>
      </div>
      {isOpened && <DeliveryAbout subject={object.key} kind="qiniu" />}
    </li>
  )
}

function Captcha({ captcha }: { captcha: CaptchaView }) {
  const [fields, setFields] = useState<string | undefined>(undefined)
  const solve = async (options: object) => {
    const { result } = await post<{ result: object }>('geetest/solve', [captcha.challenge, options])
    setFields(JSON.stringify(result, null, 2))
    changes.value++
  }
  return (
    <li class="row">
      <div class="row-main">
        <div>
          <b class="mono">{captcha.challenge}</b>
          <small>{dayTime(captcha.time)}</small>
        </div>
        <Tag tone={captcha.isUsed ? 'good' : captcha.isSolved ? 'warn' : 'dim'}>
          {captcha.isUsed
            ? t('已验证', 'validated')
            : captcha.isSolved
              ? t('已通过', 'solved')
              : t('未完成', 'not solved')}
        </Tag>
      </div>
      <div class="acts">
        <Button kind="main" onClick={() => solve({})}>
          {t('通过', 'Solve')}
        </Button>
        <Button onClick={() => solve({ wrong: true })}>{t('故意做错', 'Solve wrongly')}</Button>
        {fields !== undefined && <CopyButton text={fields} what={t('三个字段', 'the three fields')} />}
      </div>
      {fields !== undefined && <Code>{fields}</Code>}
    </li>
  )
}

export function Services() {
  const sms = useTopic<SmsView[]>('sms') ?? []
  const captchas = useTopic<CaptchaView[]>('captchas') ?? []
  const objects = useTopic<ObjectView[]>('objects') ?? []
  return (
    <div class="page">
      <Section title={t(`短信（${sms.length}）`, `Text messages (${sms.length})`)}>
        {sms.length === 0 && (
          <Empty icon="sms">{t('发到任何号码的短信都在这里。', 'Messages to any number come here.')}</Empty>
        )}
        <ul class="list">
          {[...sms].reverse().map((one, i) => (
            <SmsLine key={`${one.time}-${i}`} sms={one} />
          ))}
        </ul>
      </Section>
      <Section title={t(`验证码（${captchas.length}）`, `Captchas (${captchas.length})`)}>
        {captchas.length === 0 && (
          <Empty icon="services">
            {t(
              '应用注册的极验验证码会出现在这里，可以替用户完成。',
              'Captchas that the application registered come here, to be solved.'
            )}
          </Empty>
        )}
        <ul class="rows">
          {[...captchas].reverse().map((one) => (
            <Captcha key={one.challenge} captcha={one} />
          ))}
        </ul>
      </Section>
      <Section title={t(`存储（${objects.length}）`, `Objects (${objects.length})`)}>
        {objects.length === 0 && (
          <Empty icon="services">{t('上传到七牛的文件在这里。', 'Files that were uploaded to Qiniu come here.')}</Empty>
        )}
        <ul class="rows">
          {[...objects].reverse().map((one) => (
            <StoredObject key={`${one.bucket}/${one.key}/${one.hash}`} object={one} />
          ))}
        </ul>
      </Section>
    </div>
  )
}
