export { type ParseJsonOptions, parseJson } from './parse-json.ts'
