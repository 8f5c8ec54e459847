import type { AccountGroup } from '../framework/views.ts'
import { Button, Code, CopyButton, Section } from './parts.tsx'
import { kept, t } from './settings.ts'
import { SNIPPETS } from './snippets.ts'
import { useTopic } from './topics.ts'

const chosen = kept('language-of-snippets', '.env')

/** Keys fill many lines: their beginning is enough to tell them apart. */
const short = (value: string): string => (value.length > 80 ? `${value.slice(0, 44).replaceAll('\n', ' ')}…` : value)

export function Accounts() {
  const groups = useTopic<AccountGroup[]>('accounts') ?? []
  const variables: Record<string, string> = Object.assign({}, ...groups.map(({ values }) => values))
  const snippet = SNIPPETS.find(({ name }) => name === chosen.value) ?? SNIPPETS[0]
  const code = snippet?.code(variables) ?? ''
  return (
    <div class="page">
      <Section
        title={t('粘贴到应用', 'Paste into your application')}
        side={<CopyButton text={code} what={chosen.value} />}
      >
        <p class="dim">
          {t(
            '这些账号只属于这个模拟器，密钥是公开的，不要用在别处。地址写死的程序可以用代理：',
            'These accounts are of this simulator only and their keys are public: never use them elsewhere. Programs with hard-coded hosts use it as a proxy:'
          )}{' '}
          <code>HTTPS_PROXY={location.origin}</code>
        </p>
        <div class="acts" role="tablist" aria-label={t('语言', 'Language')}>
          {SNIPPETS.map(({ name }) => (
            <Button
              key={name}
              pressed={name === chosen.value}
              onClick={() => {
                chosen.value = name
              }}
            >
              {name}
            </Button>
          ))}
        </div>
        <Code>{code}</Code>
      </Section>
      {groups.map(({ title, values }) => (
        <Section key={title} title={title}>
          <dl class="facts mono">
            {Object.entries(values).map(([name, value]) => (
              <>
                <dt key={`${name}-name`}>{name}</dt>
                <dd key={name}>
                  {short(value)} <CopyButton text={value} what={name} />
                </dd>
              </>
            ))}
          </dl>
        </Section>
      ))}
    </div>
  )
}
