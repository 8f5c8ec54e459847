import type { XmlObject } from './xml-value.ts'

// V8 lays out an object without any prototype as a hash table, which grows in steps and costs half of a scan. Instances with an
// empty prototype inherit as little and are laid out like any other object.
function Fields(): void {}
Fields.prototype = Object.freeze(
  Object.create(null, {
    // Logs show plain fields.
    [Symbol.for('nodejs.util.inspect.custom')]: {
      value(this: XmlObject): XmlObject {
        return { ...this }
      }
    }
  })
)

/** An object without fields: it inherits no name at all, not even `constructor`. */
export function newFields(): XmlObject {
  return new (Fields as unknown as new () => XmlObject)()
}
