import { expect, it } from 'vitest'
import { clientCache } from 'weixin-kit/pay'

it('merchants that somebody guesses push no client out of the cache', async () => {
  const made: string[] = []
  const clients = clientCache<{ key: string }>({
    max: 3,
    create: async (key) => {
      await Promise.resolve()
      if (key.startsWith('guess')) return undefined
      made.push(key)
      return { key }
    }
  })
  const own = await clients.get('a')
  const guesses = Array.from({ length: 50 }, (_, index) => clients.get(`guess-${index}`))
  // Also while the guesses are looked up.
  await clients.get('b')
  await Promise.all(guesses)
  expect(await clients.get('a')).toBe(own)
  // Its own limit stays: the one not used for longest goes.
  for (const key of ['c', 'a', 'd']) await clients.get(key)
  expect(await clients.get('a')).toBe(own)
  await clients.get('b')
  expect(made).toEqual(['a', 'b', 'c', 'd', 'b'])
})
