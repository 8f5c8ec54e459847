import { encryptResource } from '../crypto/pay-v3.ts'
import type { MerchantAccount } from '../framework/accounts.ts'
import { rfc3339 } from './times.ts'
import type { PayWorld } from './world.ts'

/** The platform certificates as `/v3/certificates` and its v2 sibling list them. */
export function certificateList(world: PayWorld, merchant: MerchantAccount) {
  const data = world.platform.certificates.map(({ certificate, certificatePem, serialNumber }) => {
    const nonce = world.context.random.hex(12)
    return {
      serial_no: serialNumber,
      effective_time: rfc3339(Date.parse(certificate.validFrom)),
      expire_time: rfc3339(Date.parse(certificate.validTo)),
      encrypt_certificate: {
        algorithm: 'AEAD_AES_256_GCM',
        nonce,
        associated_data: 'certificate',
        ciphertext: encryptResource(certificatePem, merchant.apiV3Key, nonce, 'certificate')
      }
    }
  })
  return { data }
}
