import { describe, expect, it } from 'vitest'
import { lazyPart } from '../../../src/internal/lazy-part.ts'

describe('lazyPart', () => {
  it('loads once, at the first need', async () => {
    let imports = 0
    const part = lazyPart(async () => ({ number: ++imports }))
    expect(part.loaded).toBeUndefined()
    part.preload()
    const [first, second] = await Promise.all([part.load(), part.load()])
    expect(first).toBe(second)
    expect(part.loaded).toBe(first)
    expect(imports).toBe(1)
  })

  it('tells a failure to those who need the part, and tries again', async () => {
    let isThere = false
    const part = lazyPart(async () => {
      if (!isThere) throw new Error("Cannot find module '/app/node_modules/weixin-kit/dist/v3-calls-ABCDEFGH.js'")
      return 'part'
    })
    part.preload()
    await expect(part.load()).rejects.toMatchObject({
      code: 'ERR_MISSING_DEPENDENCY',
      message: expect.stringContaining('nothing was sent'),
      cause: expect.objectContaining({ message: expect.stringContaining('v3-calls') })
    })
    isThere = true
    await expect(part.load()).resolves.toBe('part')
  })

  // What a bundler gives that puts everything into one file, before a top-level `await` in it has ended.
  it('takes a part that is not evaluated yet for a missing one, and tries again', async () => {
    let module: object | undefined
    const part = lazyPart(async () => module as object)
    await expect(part.load()).rejects.toMatchObject({ code: 'ERR_MISSING_DEPENDENCY' })
    module = {}
    await expect(part.load()).resolves.toBe(module)
  })
})
