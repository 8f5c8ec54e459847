/** 特约商户进件申请单 */
export interface Applyment {
  readonly mchId: string
  readonly businessCode: string
  readonly applymentId: string
  readonly licenseNumber: string
  state: 'AUDITING' | 'REJECTED' | 'TO_BE_SIGNED' | 'SIGNING' | 'FINISHED' | 'CANCELED'
  /** When the state was reached; milliseconds. */
  at: number
  rejection?: { readonly field: string; readonly reason: string } | undefined
  subMchId?: string | undefined
}

export const applymentKeys = (one: Applyment) => [
  `code ${one.mchId} ${one.businessCode}`,
  `id ${one.mchId} ${one.applymentId}`
]
