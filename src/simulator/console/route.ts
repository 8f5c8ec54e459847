import { signal } from '@preact/signals'

export const SCREENS = ['live', 'money', 'services', 'faults', 'time', 'accounts'] as const
export type Screen = (typeof SCREENS)[number]

export interface Route {
  readonly screen: Screen
  /** The exchange that the inspector shows. */
  readonly exchange: number | undefined
}

function parse(hash: string): Route {
  const [, name = '', id = ''] = hash.replace(/^#/, '').split('/')
  const screen = SCREENS.find((one) => one === name) ?? 'live'
  return { screen, exchange: /^\d+$/.test(id) ? Number(id) : undefined }
}

export const route = signal(parse(location.hash))
addEventListener('hashchange', () => {
  route.value = parse(location.hash)
})

/** The address of a screen, or of an exchange: it can be passed on. */
export const addressOf = (screen: Screen, exchange?: number): string =>
  exchange === undefined ? `#/${screen}` : `#/${screen}/${exchange}`

export function open(screen: Screen, exchange?: number): void {
  location.hash = addressOf(screen, exchange)
}

/** Which of the three columns a narrow window shows. */
export const pane = signal<'phone' | 'list' | 'detail'>(route.value.exchange === undefined ? 'phone' : 'detail')
