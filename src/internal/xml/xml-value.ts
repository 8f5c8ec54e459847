/** A leaf is always text, an element with children an object, a list an array. */
export type XmlValue = string | XmlObject | XmlValue[]

/** Inherits nothing: a name that was not sent is always `undefined`, even `constructor`. */
export interface XmlObject {
  [name: string]: XmlValue | undefined
}
