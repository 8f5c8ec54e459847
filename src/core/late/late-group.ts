import type { Late } from './late.ts'

/**
 * All methods of a group of calls, by what they give: a promise, or item after item. A group inside the group has a table of its own.
 * A method that answers at once cannot be late, and does not fit in here.
 */
export type LateMethods<Group> = {
  readonly [Name in keyof Group]: Group[Name] extends (...args: never[]) => infer Answer
    ? Answer extends AsyncIterable<unknown>
      ? 'iterates'
      : Answer extends Promise<unknown>
        ? 'answers'
        : never
    : Group[Name] extends object
      ? LateMethods<Group[Name]>
      : never
}

type Args = readonly unknown[]
type Method = (...args: Args) => unknown
type Calls = Record<string, Method>
type Find = (groups: unknown) => unknown
type GroupClass = new (late: Late<unknown, unknown>) => object
interface Table {
  readonly [name: string]: 'answers' | 'iterates' | Table
}

/** Made at the first client and kept: the methods of a group are the same for all clients. */
const classes = new WeakMap<object, GroupClass>()

/**
 * A group of calls, `client.users`, whose code is loaded after the client was made. Each method is the one of the loaded group; until
 * it is there, parameters are kept as they are now, and an abort ends the wait.
 */
export function lateGroup<Module, Groups, Name extends string & keyof Groups>(
  late: Late<Module, Groups>,
  name: Name,
  methods: LateMethods<Groups[Name]>
): Groups[Name] {
  const Group = classOf(name, methods as Table, (groups) => (groups as Groups)[name])
  return new Group(late as Late<unknown, unknown>) as Groups[Name]
}

function classOf(name: string, table: Table, find: Find): GroupClass {
  const known = classes.get(table)
  if (known) return known
  const Group = class {
    readonly #late: Late<unknown, unknown>

    constructor(late: Late<unknown, unknown>) {
      this.#late = late
      for (const [inner, methods] of Object.entries(table)) {
        if (typeof methods === 'string') continue
        const Inner = classOf(inner, methods, (groups) => (find(groups) as Record<string, unknown>)[inner])
        Object.defineProperty(this, inner, {
          value: new Inner(late),
          enumerable: true,
          configurable: true,
          writable: true
        })
      }
    }

    static define(method: string, kind: 'answers' | 'iterates'): void {
      const call = (groups: unknown, args: Args) => (find(groups) as Calls)[method]?.(...args)
      const value =
        kind === 'answers'
          ? function (this: InstanceType<typeof Group>, ...args: Args) {
              return this.#late.call(args, call as (groups: unknown, args: Args) => Promise<unknown>)
            }
          : function (this: InstanceType<typeof Group>, ...args: Args) {
              return iterate(this.#late, args, call)
            }
      Object.defineProperty(value, 'name', { value: method })
      Object.defineProperty(Group.prototype, method, { value, configurable: true, writable: true })
    }
  }
  Object.defineProperty(Group, 'name', { value: name[0]?.toUpperCase() + name.slice(1) })
  for (const [method, kind] of Object.entries(table)) if (typeof kind === 'string') Group.define(method, kind)
  classes.set(table, Group)
  return Group
}

async function* iterate(late: Late<unknown, unknown>, args: Args, call: (groups: unknown, args: Args) => unknown) {
  yield* await late.call(args, async (groups, given) => call(groups, given) as AsyncIterable<unknown>)
}
