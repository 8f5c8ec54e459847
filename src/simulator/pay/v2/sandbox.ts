import { createHash } from 'node:crypto'
import type { MerchantAccount } from '../../framework/accounts.ts'
import { payEndpoint, type V2Endpoint } from './endpoint.ts'

/** Prefixes of the sandbox (仿真测试系统), the current one and the old one. */
const PREFIXES = ['/xdc/apiv2sandbox', '/sandboxnew']

/** Key of the sandbox; `getsignkey` hands it out. */
export function sandboxKey(merchant: MerchantAccount): string {
  return createHash('md5').update(`sandbox ${merchant.apiKey}`).digest('hex')
}

/** The path without the sandbox prefix, and whether there was one. */
export function withoutSandbox(path: string): { path: string; isSandbox: boolean } {
  const prefix = PREFIXES.find((one) => path.startsWith(`${one}/`))
  return { path: prefix ? path.slice(prefix.length) : path, isSandbox: prefix !== undefined }
}

const extra = { signsAnswer: false, signTypes: ['MD5'] } as const

export const SANDBOX_KEY_ENDPOINTS: readonly V2Endpoint[] = [
  '/xdc/apiv2getsignkey/sign/getsignkey',
  '/pay/getsignkey'
].map((path) => {
  const { app: _, ...endpoint } = payEndpoint(
    path,
    {},
    ({ merchant }) => ({ mch_id: merchant.mchId, sandbox_signkey: sandboxKey(merchant) }),
    extra
  )
  return endpoint
})
