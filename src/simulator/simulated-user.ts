import type { UserRecord } from './framework/users.ts'
import type { SimulatorServices } from './services.ts'

type VerbsOf<S> = S extends { verbs: (user: UserRecord) => infer V } ? V : unknown

/** A simulated person: what the services let a person do. */
export type SimulatedUser = UserRecord &
  VerbsOf<SimulatorServices['wechat']> &
  VerbsOf<SimulatorServices['pay']> &
  VerbsOf<SimulatorServices['yunpian']> &
  VerbsOf<SimulatorServices['geetest']>
