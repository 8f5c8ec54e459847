import type { UserRecord } from './framework/users.ts'
import type { SimulatorServices } from './services.ts'

type VerbsOf<S> = S extends { verbs: (user: UserRecord) => infer V } ? V : unknown

/** A simulated user, with everything that users can do in the services. */
export type SimulatedUser = UserRecord &
  VerbsOf<SimulatorServices['wechat']> &
  VerbsOf<SimulatorServices['pay']> &
  VerbsOf<SimulatorServices['yunpian']> &
  VerbsOf<SimulatorServices['geetest']>
