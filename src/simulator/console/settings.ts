import { effect, type Signal, signal } from '@preact/signals'

function read<T>(name: string, fallback: T): T {
  try {
    const text = localStorage.getItem(`weixin-kit:${name}`)
    return text === null ? fallback : (JSON.parse(text) as T)
  } catch {
    return fallback
  }
}

/** A signal that a reload does not lose. */
export function kept<T>(name: string, fallback: T): Signal<T> {
  const value = signal(read(name, fallback))
  effect(() => {
    const text = JSON.stringify(value.value)
    try {
      localStorage.setItem(`weixin-kit:${name}`, text)
    } catch {
      // Storage is full or forbidden: the page works without.
    }
  })
  return value
}

export type Language = 'zh' | 'en'
export type Theme = 'auto' | 'light' | 'dark'

export const language = kept<Language>('language', navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en')
export const theme = kept<Theme>('theme', 'auto')
/** Secrets in requests and responses are masked. */
export const isMasked = kept('masked', true)
export const hasTwoPhones = kept('two-phones', false)

/** A text in the chosen language. */
export const t = (zh: string, en: string): string => (language.value === 'zh' ? zh : en)
