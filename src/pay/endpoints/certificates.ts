import type { Endpoint } from '../endpoint.ts'

/** The platform certificates, opened and verified in a way of their own. (获取平台证书列表) */
export const CERTIFICATE_ENDPOINTS = {
  download: {
    operation: 'platformKeys.download',
    method: 'GET',
    path: '/v3/certificates',
    answer: 'json',
    repeat: 'safe'
  }
} as const satisfies Record<string, Endpoint>
