import { useState } from 'preact/hooks'
import type { PhoneView } from '../framework/views.ts'
import { act, post } from './api.ts'
import { attempt, Button, Code, CopyButton } from './parts.tsx'
import { t } from './settings.ts'
import { changes } from './topics.ts'

interface Made {
  readonly code: string
  readonly encryptedData: string
  readonly iv: string
  readonly rawData: string
  readonly signature: string
  readonly phoneCode: string
}

/** What a page of a mini program gets from WeChat and passes on to its back end. */
export function Program({ phone }: { phone: PhoneView }) {
  const accounts = phone.chats.filter(({ kind }) => kind === 'miniProgram')
  const [appId, setAppId] = useState(accounts[0]?.appId)
  const [made, setMade] = useState<Made | undefined>(undefined)
  const [nickname, setNickname] = useState(phone.user.nickname)
  const account = appId === undefined ? {} : { account: appId }
  const login = async () => {
    const code = await act<string>(phone.user.id, 'login', account)
    const open = await act<Omit<Made, 'code' | 'phoneCode'>>(phone.user.id, 'encryptedData', null, account)
    const phoneCode = await act<string>(phone.user.id, 'phoneCode', account)
    setMade({ code, ...open, phoneCode })
    changes.value++
  }
  const rename = async () => {
    await post(`users/${encodeURIComponent(phone.user.id)}`, { nickname })
    changes.value++
  }
  const text = made && JSON.stringify(made, null, 2)
  return (
    <>
      <header class="bar">
        <b>{t('小程序登录', 'Mini program login')}</b>
      </header>
      <div class="scroll">
        {accounts.length > 1 && (
          <label class="field">
            {t('小程序', 'Mini program')}
            <select value={appId} onChange={(event) => setAppId(event.currentTarget.value)}>
              {accounts.map((one) => (
                <option key={one.appId} value={one.appId}>
                  {one.name}
                </option>
              ))}
            </select>
          </label>
        )}
        <p class="dim">
          {t(
            '一次拿到 wx.login 的 code、getUserInfo 的 encryptedData 和手机号按钮的 code，粘贴给后端即可。',
            'One button for the code of wx.login, the encryptedData of getUserInfo and the code of the phone number button, ready for your back end.'
          )}
        </p>
        <Button kind="main" icon="program" onClick={login}>
          wx.login
        </Button>
        {made && text !== undefined && (
          <>
            <dl class="facts mono">
              <dt>code</dt>
              <dd>{made.code}</dd>
              <dt>{t('手机号 code', 'phone code')}</dt>
              <dd>{made.phoneCode}</dd>
            </dl>
            <CopyButton text={text} what={t('登录数据', 'the login data')}>
              {t('复制全部', 'Copy all')}
            </CopyButton>
            <Code>{text}</Code>
          </>
        )}
        <h3 class="label">{t('当前用户', 'This person')}</h3>
        <form
          class="form inline"
          aria-label={t('昵称', 'Nickname')}
          onSubmit={(event) => {
            event.preventDefault()
            void attempt(rename)
          }}
        >
          <input
            value={nickname}
            onInput={(event) => setNickname(event.currentTarget.value)}
            aria-label={t('昵称', 'Nickname')}
          />
          <button type="submit" class="button">
            {t('改名', 'Rename')}
          </button>
        </form>
        <dl class="facts mono">
          <dt>id</dt>
          <dd>{phone.user.id}</dd>
          <dt>{t('手机', 'phone')}</dt>
          <dd>{phone.user.phone}</dd>
          {phone.chats.map((chat) => (
            <>
              <dt key={`${chat.appId}-name`}>{chat.name}</dt>
              <dd key={chat.appId}>{chat.openid}</dd>
            </>
          ))}
        </dl>
      </div>
    </>
  )
}
