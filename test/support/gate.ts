/** A part of the library whose loading the test decides about: `vi.doMock(path, part.load)`. */
export function gate() {
  let open: (value?: unknown) => void = () => undefined
  let loads = 0
  let failures = 0
  const opened = new Promise((resolve) => {
    open = resolve
  })
  const load = async (original: () => Promise<unknown>) => {
    loads++
    await opened
    if (failures-- > 0) throw new Error('ENOENT')
    return original()
  }
  const failOnce = () => {
    failures = 1
  }
  return { load, open: () => open(), failOnce, loads: () => loads }
}

/** As many turns of the event loop as anything takes that waits for nothing but itself. */
export async function settledTurns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
}
