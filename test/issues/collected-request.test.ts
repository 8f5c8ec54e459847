import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { createSimulator } from 'weixin-kit/simulator'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

// A request that nothing references loses its signal: the call that should have timed out waited for ever.
it('ends a call that is never answered also when memory is collected meanwhile', async () => {
  const simulator = createSimulator()
  simulator.fail('*', 'timeout')
  const call = simulator.fetch('https://api.weixin.qq.com/cgi-bin/getcallbackip', { signal: AbortSignal.timeout(200) })
  const collecting = setInterval(collectGarbage, 20)
  await expect(call).rejects.toMatchObject({ name: 'TimeoutError' })
  clearInterval(collecting)
  await simulator.close()
}, 5_000)
