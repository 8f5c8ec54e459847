const MASK = '[redacted]'
const CUT = '[…]'
/** Levels of an error's data that are rebuilt without secrets; deeper ones are left out. */
const DEPTH = 6
/** Some errors reference whole sockets and requests: values with more objects than this are left out unread. */
const MAX_OBJECTS = 2_000
/** Objects that are rebuilt per error. */
const MAX_COPIES = 200

/**
 * Removes the values of secrets from a thrown value: upstreams, proxies and mocks quote what was sent to them, not
 * always under a recognisable name, and not always in an error. Errors and their causes are changed in place; other
 * objects that hold a secret are copied, because they may belong to the caller.
 *
 * @returns A value that can be shown: the same one, unless it is not an error and held a secret, or could not be
 * changed.
 */
export function scrubError(thrown: unknown, secrets: readonly string[]): unknown {
  const known = secrets.filter((secret) => secret !== '')
  return known.length === 0 ? thrown : new Scrubber(known).clean(thrown, DEPTH)
}

class Scrubber {
  readonly #secrets: readonly string[]
  readonly #errors = new Map<object, unknown>()
  #copies = 0

  constructor(secrets: readonly string[]) {
    this.#secrets = secrets
  }

  clean(value: unknown, depth: number): unknown {
    if (typeof value === 'string') return this.#text(value)
    if (typeof value !== 'object' || value === null) return value
    if (isError(value)) return this.#error(value)
    // Each byte would be visited as a property: a body of megabytes would block the process for seconds.
    if (ArrayBuffer.isView(value)) return value
    const holds = this.#holdsSecret(value)
    if (holds === false) return value
    return depth === 0 || holds === undefined || ++this.#copies > MAX_COPIES ? CUT : this.#copy(value, depth)
  }

  #text(value: string): string {
    return this.#isSecret(value) ? this.#secrets.reduce((text, secret) => text.replaceAll(secret, MASK), value) : value
  }

  #isSecret(text: string): boolean {
    return this.#secrets.some((secret) => text.includes(secret))
  }

  #error(error: Error): unknown {
    if (this.#errors.has(error)) return this.#errors.get(error)
    this.#errors.set(error, error)
    // A data property or an accessor, depending on the version of V8. Read first: it is built from the message.
    const { stack } = error
    let isClean = true
    for (const name of Reflect.ownKeys(error)) {
      const descriptor = Object.getOwnPropertyDescriptor(error, name)
      if (!descriptor || !('value' in descriptor)) continue
      const value = this.clean(descriptor.value, DEPTH)
      if (value !== descriptor.value && !Reflect.defineProperty(error, name, { ...descriptor, value })) isClean = false
    }
    const plain = this.clean(stack, 0)
    if (plain !== error.stack) {
      const descriptor = { value: plain, configurable: true, writable: true }
      if (!Reflect.defineProperty(error, 'stack', descriptor)) isClean = false
    }
    if (isClean) return error
    // Frozen: rebuild what can be shown without the secret.
    const substitute = new Error(this.#text(`${error.name}: ${error.message}`))
    this.#errors.set(error, substitute)
    return substitute
  }

  /**
   * Whether `inspect` would show a secret in it or in anything nested in it; `undefined` if there is too much to check.
   */
  #holdsSecret(root: object): boolean | undefined {
    const seen = new Set<object>([root])
    for (const item of seen) {
      if (seen.size > MAX_OBJECTS) return undefined
      if (isOpaque(item) && this.#isSecret(shown(item))) return true
      for (const name of Reflect.ownKeys(item)) {
        const value: unknown = Object.getOwnPropertyDescriptor(item, name)?.value
        if (typeof value === 'string' && this.#isSecret(value)) return true
        if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) seen.add(value)
      }
    }
    return false
  }

  #copy(value: object, depth: number): unknown {
    if (Array.isArray(value)) return value.map((item) => this.clean(item, depth - 1))
    const entries = Object.entries(value).map(
      ([name, item]) => [this.#text(name), this.clean(item, depth - 1)] as const
    )
    // A URL, Request, Map …: its content is not in its properties.
    return isOpaque(value) && entries.length === 0 ? MASK : Object.fromEntries(entries)
  }
}

/** Only needed for failures, so a cold start should not pay for it. */
const nodeUtil = (): typeof import('node:util') => process.getBuiltinModule('node:util')

/** Errors of other realms (a test runner, a worker) are not instances of this realm's `Error`. */
function isError(value: object): value is Error {
  return value instanceof Error || nodeUtil().types.isNativeError(value)
}

function isOpaque(value: object): boolean {
  if (Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype !== null && prototype !== Object.prototype
}

function shown(value: object): string {
  try {
    return nodeUtil().inspect(value, {
      depth: 1,
      maxStringLength: null,
      maxArrayLength: null,
      breakLength: Number.POSITIVE_INFINITY
    })
  } catch {
    return ''
  }
}
