import type { XmlObject } from './xml-value.ts'

// V8 stores an object without a prototype as a hash table, which grows in steps and takes half the time of a scan.
// Instances with an empty prototype inherit just as little and are stored like any other object.
function Fields(): void {}
Fields.prototype = Object.freeze(
  Object.create(null, {
    // So that logs show plain fields.
    [Symbol.for('nodejs.util.inspect.custom')]: {
      value(this: XmlObject): XmlObject {
        return { ...this }
      }
    }
  })
)

/** Returns an object without fields that inherits no name at all, not even `constructor`. */
export function newFields(): XmlObject {
  return new (Fields as unknown as new () => XmlObject)()
}
