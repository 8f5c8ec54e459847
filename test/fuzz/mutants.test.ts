import { describe, expect, it } from 'vitest'
import { isWeixinKitError } from 'weixin-kit'
import { fcParameters } from '../support/fc-parameters.ts'
import { meaningOf } from './support/meaning.ts'
import { SeededRandom } from './support/random.ts'
import { RECEIVERS } from './support/receivers.ts'

// `FC_RUNS=15000` makes 10^5 mutants of all receivers, `FC_RUNS=150000` a million.
const { numRuns, seed = Math.trunc(Math.random() * 2 ** 31) } = fcParameters(500)

describe.each(RECEIVERS)('$name', (receiver) => {
  it('believe nothing but what was sent', async () => {
    const random = new SeededRandom(seed)
    const genuine = await receiver.genuine()
    const meanings = await Promise.all(genuine.map(async (wire) => meaningOf(await receiver.receive(wire))))
    expect(meanings).not.toContain('undefined')

    const wrong: unknown[] = []
    let refused = 0
    for (let run = 0; run < numRuns && wrong.length < 5; run++) {
      const mutant = receiver.mutate(random.pick(genuine), random)
      try {
        const believed = await receiver.receive(mutant)
        if (believed === undefined) refused++
        else if (!meanings.includes(meaningOf(believed))) wrong.push({ run, mutant, believed })
      } catch (error) {
        if (isWeixinKitError(error)) refused++
        else wrong.push({ run, mutant, error })
      }
    }
    expect(wrong).toEqual([])
    // A mutation that never changes what matters would prove nothing.
    expect(refused / numRuns).toBeGreaterThan(0.5)
  }, 900_000)
})
