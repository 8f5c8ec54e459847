export { type BuildXmlOptions, buildXml, type XmlInput, type XmlInputObject } from './build-xml.ts'
export { type ParseXmlOptions, parseXml } from './parse-xml.ts'
export type { XmlObject, XmlValue } from './xml-value.ts'
