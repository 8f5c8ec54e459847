import { useState } from 'preact/hooks'
import type { PhoneView, SmsView } from '../framework/views.ts'
import { act } from './api.ts'
import { dayTime } from './format.ts'
import { Button, CopyButton, Empty, Form, Tag } from './parts.tsx'
import { t } from './settings.ts'
import { changes } from './topics.ts'

export function SmsLine({ sms }: { sms: SmsView }) {
  return (
    <li class="sms">
      <p>{sms.text}</p>
      <footer>
        <small class="dim">
          {sms.mobile} · {dayTime(sms.time)} · {sms.kind}
        </small>
        <Tag tone={sms.reportStatus === 'FAIL' ? 'bad' : sms.reportStatus === 'SUCCESS' ? 'good' : 'dim'}>
          {sms.reportStatus}
        </Tag>
        {sms.code !== undefined && (
          <CopyButton text={sms.code} what={t('验证码', 'the code')}>
            {sms.code}
          </CopyButton>
        )}
      </footer>
    </li>
  )
}

export function Sms({ phone }: { phone: PhoneView }) {
  const [text, setText] = useState('')
  const reply = async () => {
    if (text.trim() === '') return
    await act(phone.user.id, 'replySms', text)
    setText('')
    changes.value++
  }
  return (
    <>
      <header class="bar">
        <b>{t('短信', 'Messages')}</b>
        <Tag>{phone.user.phone}</Tag>
      </header>
      <div class="scroll">
        {phone.sms.length === 0 && (
          <Empty icon="sms">
            {t(`发到 ${phone.user.phone} 的短信会出现在这里。`, `Messages to ${phone.user.phone} come here.`)}
          </Empty>
        )}
        <ul class="list">
          {[...phone.sms].reverse().map((sms, i) => (
            <SmsLine key={`${sms.time}-${i}`} sms={sms} />
          ))}
        </ul>
      </div>
      <Form label={t('回复短信', 'Reply')} onSubmit={reply}>
        <div class="say">
          <input
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
            placeholder={t('回复（TD 退订）', 'Reply (TD unsubscribes)')}
            aria-label={t('回复短信', 'Reply')}
          />
          <Button kind="main" onClick={reply}>
            {t('回复', 'Reply')}
          </Button>
        </div>
      </Form>
    </>
  )
}
