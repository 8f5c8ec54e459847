import { createPrivateKey, X509Certificate } from 'node:crypto'
import { parseArgs } from 'node:util'
import { loadPkcs12 } from '../internal/pkcs12/index.ts'
import { type CertificateInfo, readCertificateInfo } from '../pay/index.ts'
import { type Command, UsageError } from './command.ts'
import { type CliInput, processInput } from './input.ts'

const PASSPHRASE = 'WEIXIN_PAY_P12_PASSPHRASE'
const MCH_ID = 'WEIXIN_PAY_MCH_ID'
const DAY_MS = 86_400_000

const USAGE = `Usage: weixin-kit cert [file] [options] < file

  Shows serial number, merchant id and validity of a certificate: apiclient_cert.p12, apiclient_cert.pem, a platform certificate.
  The passphrase of a .p12 file is read from ${PASSPHRASE}, or is the merchant id in ${MCH_ID}.
  Keys are never printed.

  --key <file>  Check that this private key (apiclient_key.pem) belongs to the certificate
  --json        Print the result as JSON`

interface Report extends CertificateInfo {
  /** Whether the private key belongs to the certificate; `undefined` if there is none to compare. */
  readonly keyBelongs: boolean | undefined
  readonly daysLeft: number
}

/** `weixin-kit cert`. Exit code 1 if the certificate is not valid now or the key does not belong to it. */
export function createCertCommand(input: CliInput = processInput, now: () => number = Date.now): Command {
  return {
    summary: 'Show serial number, merchant id and expiry of a certificate',
    usage: USAGE,
    async run(args, io) {
      const { values, positionals } = parseArgs({
        args: [...args],
        allowPositionals: true,
        options: { json: { type: 'boolean' }, key: { type: 'string' } }
      })
      if (positionals.length > 1) throw new UsageError('One file at a time.')
      const bytes = await input.read(positionals[0])
      const { certificate, keyBelongs } = open(bytes, input)
      const isPair = values.key === undefined ? keyBelongs : isKeyOf(certificate, await input.read(values.key))
      const info = readCertificateInfo(certificate)
      const report: Report = {
        ...info,
        keyBelongs: isPair,
        daysLeft: Math.floor((info.notAfter.getTime() - now()) / DAY_MS)
      }
      io.out(values.json ? `${JSON.stringify(report, null, 2)}\n` : write(report))
      const isValid = now() >= info.notBefore.getTime() && now() <= info.notAfter.getTime()
      return isValid && isPair !== false ? 0 : 1
    }
  }
}

function open(bytes: Buffer, input: CliInput): { certificate: string | Buffer; keyBelongs: boolean | undefined } {
  const text = bytes.toString('latin1')
  // PEM, or DER of a certificate; anything else should be a .p12 file.
  if (text.includes('-----BEGIN')) return { certificate: text, keyBelongs: undefined }
  if (isCertificate(bytes)) return { certificate: bytes, keyBelongs: undefined }
  // DER begins with a SEQUENCE.
  if (bytes[0] !== 0x30) {
    throw new UsageError('This is neither PEM ("-----BEGIN CERTIFICATE-----") nor a .p12 file.')
  }
  const env = input.env()
  const passphrase = env[PASSPHRASE] ?? env[MCH_ID]
  if (passphrase === undefined) {
    throw new UsageError(`This looks like a .p12 file: set ${MCH_ID} (its usual passphrase) or ${PASSPHRASE}.`)
  }
  const { certificate, key } = loadPkcs12(bytes, passphrase, 'file')
  return { certificate, keyBelongs: new X509Certificate(certificate).checkPrivateKey(key) }
}

function isCertificate(bytes: Buffer): boolean {
  try {
    return new X509Certificate(bytes).serialNumber !== ''
  } catch {
    return false
  }
}

function isKeyOf(certificate: string | Buffer, key: Buffer): boolean {
  try {
    return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key))
  } catch {
    // Neither the cause nor the input may be shown, because they contain the key.
    throw new UsageError('--key is not a private key in PEM, or the file is not a certificate.')
  }
}

function write({
  serial,
  merchantId,
  commonName,
  subject,
  issuer,
  notBefore,
  notAfter,
  daysLeft,
  keyBelongs
}: Report): string {
  const life = daysLeft < 0 ? 'EXPIRED' : `${daysLeft} days left`
  return `${[
    `serial       ${serial}`,
    `merchant id  ${merchantId ?? `- (common name ${commonName || '-'})`}`,
    `subject      ${subject}`,
    `issuer       ${issuer}`,
    `valid from   ${notBefore.toISOString()}`,
    `valid until  ${notAfter.toISOString()} (${life})`,
    ...(keyBelongs === undefined ? [] : [`private key  ${keyBelongs ? 'belongs to it' : 'DOES NOT BELONG TO IT'}`])
  ].join('\n')}\n`
}

/** `weixin-kit cert` */
export const certCommand: Command = createCertCommand()
