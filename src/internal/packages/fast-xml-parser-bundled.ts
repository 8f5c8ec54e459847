import * as fastXmlParser from 'fast-xml-parser'

/** For bundlers and workerd, where nothing can be loaded lazily (`imports` in package.json). */
export function loadFastXmlParser(): typeof fastXmlParser {
  return fastXmlParser
}
