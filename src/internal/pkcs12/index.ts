export { loadPkcs12 } from './load-pkcs12.ts'
