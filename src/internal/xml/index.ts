export { buildXml, inCdata, type XmlInput, type XmlInputObject } from './build-xml.ts'
export { type ParseXmlOptions, parseXml } from './parse-xml.ts'
export type { XmlObject } from './xml-value.ts'
