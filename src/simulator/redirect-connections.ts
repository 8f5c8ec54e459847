import { Socket } from 'node:net'

/** The address of the simulator, and the hosts that it serves. */
export interface Redirection {
  readonly host: string
  readonly port: number
  /** Host names; a `*` stands for any run of letters, digits and dashes. */
  readonly hosts: readonly string[]
}

type Connect = (this: Socket, ...args: unknown[]) => Socket

/**
 * @internal Redirects every connection of this process to a simulated host to the simulator. Only the address changes:
 * the TLS server name, the `Host` header and the verification of the certificate stay the same, so clients with their
 * own agent are covered too.
 *
 * @returns A function that ends the redirection.
 */
export function redirectConnections({ host, port, hosts }: Redirection): () => void {
  const patterns = hosts.map((one) => new RegExp(`^${one.replace(/[.]/g, '\\.').replace(/\*/g, '[a-z0-9-]*')}$`, 'i'))
  const isSimulated = (name: unknown) => typeof name === 'string' && patterns.some((pattern) => pattern.test(name))
  const moved = (options: object) => ({ ...options, host, port, lookup: undefined, path: undefined })
  const original: unknown = Socket.prototype.connect
  const connect: Connect = function (...args) {
    const [first, second] = args
    if (typeof first === 'number' || typeof first === 'string') {
      // connect(port, host, …)
      if (isSimulated(second)) args.splice(0, 2, port, host)
    } else if (Array.isArray(first)) {
      // The arguments that net.connect passes on: options and callback, marked with a symbol.
      if (isSimulated(nameOf(first[0]))) first[0] = moved(first[0] as object)
    } else if (isSimulated(nameOf(first))) args[0] = moved(first as object)
    return Reflect.apply(original as Connect, this, args)
  }
  Object.defineProperty(Socket.prototype, 'connect', { value: connect, configurable: true, writable: true })
  return () => {
    Object.defineProperty(Socket.prototype, 'connect', { value: original, configurable: true, writable: true })
  }
}

function nameOf(options: unknown): unknown {
  return typeof options === 'object' && options !== null && 'host' in options ? options.host : undefined
}
