import { ACCOUNT_STEPS } from './account-steps.ts'
import { NEST_STEPS } from './nest-steps.ts'
import { PAY_STEPS } from './pay-steps.ts'
import type { Shop, World } from './shop.ts'

const STEPS = { ...NEST_STEPS, ...ACCOUNT_STEPS, ...PAY_STEPS }

/**
 * Takes every export of a block through its step, in the order of the table.
 *
 * @returns The names, in the order in which they ran.
 * @throws {Error} if a step fails, or an export has none.
 */
export async function runSteps(shop: Shop, world: World): Promise<string[]> {
  const unknown = shop.exports.filter((name) => !Object.hasOwn(STEPS, name))
  if (unknown.length > 0) throw new Error(`no step for ${unknown.join(', ')}`)
  const done: string[] = []
  for (const [name, step] of Object.entries(STEPS)) {
    if (!shop.exports.includes(name)) continue
    try {
      await step(shop, world)
    } catch (cause) {
      throw new Error(`${name}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    }
    done.push(name)
  }
  return done
}
