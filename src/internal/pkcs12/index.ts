export { type LoadedPkcs12, loadPkcs12 } from './load-pkcs12.ts'
