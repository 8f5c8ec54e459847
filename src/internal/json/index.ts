export { inspectNumbers } from './inspect-numbers.ts'
export { parseJson } from './parse-json.ts'
