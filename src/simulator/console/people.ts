import type { UserView } from '../framework/views.ts'
import { post } from './api.ts'
import { kept, t } from './settings.ts'
import { changes } from './topics.ts'

export type App = 'chat' | 'scan' | 'pay' | 'program' | 'sms'

/** What one of the two phones shows. */
export interface Slot {
  readonly userId: string | undefined
  readonly app: App
  readonly appId: string | undefined
  /** The order on the pay sheet or the receipt. */
  readonly order: string | undefined
  /** What was scanned last. */
  readonly scanned: string | undefined
  /** What is being written. */
  readonly draft: string
}

const EMPTY: Slot = {
  userId: undefined,
  app: 'chat',
  appId: undefined,
  order: undefined,
  scanned: undefined,
  draft: ''
}

export const slots = [kept<Slot>('phone-1', EMPTY), kept<Slot>('phone-2', EMPTY)] as const
export type SlotNumber = 0 | 1

export function change(slot: SlotNumber, fields: Partial<Slot>): void {
  slots[slot].value = { ...slots[slot].value, ...fields }
}

/** Somebody new, with the next of the usual names. */
export async function addPerson(): Promise<UserView> {
  const made = await post<UserView>('users', {})
  changes.value++
  return made
}

export const nobody = (): string => t('还没有用户', 'nobody yet')
