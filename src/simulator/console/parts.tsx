import { signal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import type { UserView } from '../framework/views.ts'
import { Icon, type IconName } from './icons.tsx'
import { t } from './settings.ts'

/** What is said at the edge of the screen for a while. */
export const toast = signal<{ readonly text: string; readonly isBad: boolean } | undefined>(undefined)
let timer: ReturnType<typeof setTimeout> | undefined

export function say(text: string, isBad = false): void {
  toast.value = { text, isBad }
  clearTimeout(timer)
  timer = setTimeout(() => {
    toast.value = undefined
  }, 6000)
}

/** Runs what a button does; what goes wrong is said. */
export async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    say(error instanceof Error ? error.message : String(error), true)
    return undefined
  }
}

export async function copy(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    // Clipboards are for https and localhost: under another name the old way is left.
    const area = document.createElement('textarea')
    area.value = text
    area.className = 'unseen'
    document.body.append(area)
    area.select()
    document.execCommand('copy')
    area.remove()
  }
  say(t(`已复制${what}`, `Copied: ${what}`))
}

interface ButtonProps {
  readonly onClick: () => unknown
  readonly children: ComponentChildren
  readonly icon?: IconName
  readonly kind?: 'plain' | 'main' | 'danger' | 'quiet'
  readonly disabled?: boolean
  readonly pressed?: boolean
  readonly title?: string
}

export function Button({ onClick, children, icon, kind = 'plain', disabled, pressed, title }: ButtonProps) {
  const [isBusy, setBusy] = useState(false)
  const run = async () => {
    setBusy(true)
    await attempt(async () => await onClick())
    setBusy(false)
  }
  return (
    <button
      type="button"
      class={`button ${kind}`}
      onClick={() => void run()}
      disabled={disabled}
      aria-pressed={pressed}
      aria-busy={isBusy}
      title={title}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  )
}

/** A button of one picture; the text is for those who do not see it. */
export function IconButton({
  icon,
  label,
  onClick,
  pressed
}: {
  icon: IconName
  label: string
  onClick: () => unknown
  pressed?: boolean
}) {
  return (
    <button
      type="button"
      class="icon-button"
      onClick={() => void attempt(async () => await onClick())}
      title={label}
      aria-label={label}
      aria-pressed={pressed}
    >
      <Icon name={icon} />
    </button>
  )
}

export function CopyButton({ text, what, children }: { text: string; what: string; children?: ComponentChildren }) {
  return (
    <Button icon="copy" kind="quiet" onClick={() => copy(text, what)}>
      {children ?? t('复制', 'Copy')}
    </Button>
  )
}

export type Tone = 'good' | 'bad' | 'warn' | 'dim'

export function Tag({ tone = 'dim', children }: { tone?: Tone; children: ComponentChildren }) {
  return <span class={`tag ${tone}`}>{children}</span>
}

export function Empty({ icon, children }: { icon: IconName; children: ComponentChildren }) {
  return (
    <div class="empty">
      <Icon name={icon} />
      <p>{children}</p>
    </div>
  )
}

const HUES = 6

function hueOf(id: string): number {
  let sum = 0
  for (const letter of id) sum = Math.imul(sum ^ (letter.codePointAt(0) ?? 0), 0x01000193)
  return ((sum >>> 9) ^ (sum >>> 3)) % HUES
}

/** The last character of a Chinese name, as people are called by it; the first letter of any other. */
function initialOf(nickname: string): string {
  const letters = [...nickname]
  return /\p{Script=Han}/u.test(letters.at(-1) ?? '') ? (letters.at(-1) ?? '?') : (letters[0] ?? '?').toUpperCase()
}

export function Avatar({ user }: { user: Pick<UserView, 'id' | 'nickname'> }) {
  return (
    <span class={`avatar hue-${Math.abs(hueOf(user.id))}`} aria-hidden="true">
      {initialOf(user.nickname)}
    </span>
  )
}

export function Section({
  title,
  children,
  side
}: {
  title: ComponentChildren
  children: ComponentChildren
  side?: ComponentChildren
}) {
  return (
    <section class="section">
      <header>
        <h2>{title}</h2>
        {side}
      </header>
      {children}
    </section>
  )
}

export function Code({ children }: { children: string }) {
  return <pre>{children}</pre>
}

/** Lines of a form, submitted by Enter. */
export function Form({
  onSubmit,
  children,
  label
}: {
  onSubmit: () => unknown
  children: ComponentChildren
  label: string
}) {
  return (
    <form
      class="form"
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault()
        void attempt(async () => await onSubmit())
      }}
    >
      {children}
    </form>
  )
}
