import type { RequestOptions } from '../core/client-options.ts'
import { nodeCrypto } from '../internal/node-crypto.ts'
import type { Caller } from './caller.ts'
import { Bill } from './common/bill.ts'
import { downloadChecked, type FileReference } from './download.ts'
import { BILL_ENDPOINTS as E } from './endpoints/bills.ts'
import { openGcm } from './resource-cipher.ts'
import { decryptBytes } from './sensitive-fields.ts'
import { unexpected } from './transport.ts'

interface EncryptedFile extends FileReference {
  bill_sequence?: number
  encrypt_key?: string
  nonce?: string
}

/** Asks for a bill, and downloads the file that the answer names. */
export async function fetchBill(
  caller: Caller,
  name: 'trade' | 'fundFlow' | 'profitSharing',
  params: object,
  options?: RequestOptions
): Promise<Bill> {
  const endpoint = E[name]
  const file = (await caller.call(endpoint, { ...params, tar_type: 'GZIP' }, options)) as FileReference
  return billOf(endpoint.operation, await downloadChecked(caller, endpoint.operation, file, options))
}

/** The same where the answer names several files, each encrypted. */
export async function fetchEncryptedBills(caller: Caller, params: object, options?: RequestOptions): Promise<Bill[]> {
  const { operation } = E.subMerchantFundFlow
  const asked = { ...params, algorithm: 'AEAD_AES_256_GCM', tar_type: 'GZIP' }
  const answer = await caller.call(E.subMerchantFundFlow, asked, options)
  const files = answer?.download_bill_list
  if (!Array.isArray(files) || files.length === 0) throw unexpected(operation, 'the answer names no file.', 200)
  const ordered = (files as EncryptedFile[]).sort((a, b) => (a.bill_sequence ?? 0) - (b.bill_sequence ?? 0))
  const bills: Bill[] = []
  for (const file of ordered) {
    const bytes = await downloadChecked(caller, operation, file, options, (data) => open(caller, file, data))
    bills.push(billOf(operation, bytes))
  }
  return bills
}

function open(caller: Caller, file: EncryptedFile, bytes: Uint8Array): Uint8Array {
  const { operation } = E.subMerchantFundFlow
  const key = decryptBytes(String(file.encrypt_key), caller.options.privateKey, `${operation}: encrypt_key`)
  const nonce = Buffer.from(String(file.nonce), 'utf8')
  if (key.byteLength !== 32 || nonce.byteLength !== 12 || bytes.byteLength <= 16) {
    throw unexpected(operation, 'the key, nonce or content of the encrypted file has a wrong length.', 200)
  }
  return openGcm(bytes, nodeCrypto().createSecretKey(key), nonce, '')
}

function billOf(operation: string, bytes: Uint8Array): Bill {
  return new Bill({ operation, body: oneChunk(bytes) })
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
