export { type BuildXmlOptions, buildXml, inCdata, type XmlInput, type XmlInputObject } from './build-xml.ts'
export { type ParseXmlOptions, parseXml } from './parse-xml.ts'
export type { XmlObject, XmlValue } from './xml-value.ts'
