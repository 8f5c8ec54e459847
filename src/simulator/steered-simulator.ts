import type { SimulatorCredentials } from './credentials.ts'
import type { SimulatorContext } from './framework/context.ts'
import type { SimulatorCore } from './framework/core.ts'
import type { DeliveryOffice } from './framework/delivery-office.ts'
import type { FaultHandle, FaultKind, FaultList, FaultMatch, FaultSpec } from './framework/faults.ts'
import type { SimulatorLog } from './framework/log.ts'
import type { UserOptions } from './framework/users.ts'
import type { SimulatorServices } from './services.ts'
import type { SimulatedUser } from './simulated-user.ts'

type Name = keyof SimulatorServices
type Controls = { readonly [N in Name]: SimulatorServices[N]['control'] }
type Views = { readonly [N in Extract<Name, 'wechat' | 'pay' | 'qiniu' | 'geetest'>]: SimulatorServices[N]['views'] }

/** The part of a simulator that the control interface controls, without its servers. */
export interface SteeredSimulator extends Controls {
  readonly context: SimulatorContext
  readonly core: SimulatorCore
  readonly credentials: SimulatorCredentials
  readonly deliveries: DeliveryOffice
  readonly endpoints: readonly string[]
  readonly faults: FaultList
  readonly log: SimulatorLog
  readonly views: Views
  user(options?: UserOptions | string): SimulatedUser
  fail(match: FaultMatch, fault: FaultSpec | FaultKind, times?: number): FaultHandle
  recover(): void
  changed(): void
  onChange(listener: () => void): () => void
}
