import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { WeChatPay } from 'weixin-kit/pay'
import { makeCertificate } from '../support/certificates.ts'
import { API_V3_KEY, BASE_OPTIONS, KEYS, PUBLIC_KEY_ID } from '../support/pay-v3.ts'
import type { Mistake } from './mistake.ts'

const make = (options: object) => () => new WeChatPay({ ...BASE_OPTIONS, ...options })
const platform = makeCertificate('Tenpay.com')
const ownPublicKey = generateKeyPairSync('rsa', { modulusLength: 2048 })
const encrypted = createPrivateKey(KEYS.merchantPrivateKey).export({
  type: 'pkcs8',
  format: 'pem',
  cipher: 'aes-256-cbc',
  passphrase: 'x'
})
const decimalSerial = BigInt(`0x${KEYS.merchantSerial}`).toString()
const config = (name: string, options: object, cure: RegExp, not?: RegExp): Mistake => ({
  name,
  make: make(options),
  code: 'ERR_CONFIG',
  cure,
  ...(not ? { not } : {})
})

/** Keys, certificates and options of API v3. */
export const PAY_KEYS: readonly Mistake[] = [
  config('the key of API v2 under its own name', { apiKey: API_V3_KEY }, /apiV3Key \(APIv3 密钥\)/),
  config('an AppSecret or half a key as APIv3 key', { apiV3Key: API_V3_KEY.slice(1) }, /exactly 32.*merchant platform/),
  config('the APIv3 key with a line break of the file', { apiV3Key: `${API_V3_KEY}\n` }, /paste it without them/),
  config(
    'the APIv3 key in base64',
    { apiV3Key: Buffer.from(API_V3_KEY).toString('base64') },
    /pass it as it was entered/
  ),
  config('the APIv3 key as bytes', { apiV3Key: Buffer.from(API_V3_KEY) }, /as text/),
  config('the path of the key in place of its content', { privateKey: './apiclient_key.pem' }, /readFileSync\(path\)/),
  config('the certificate in place of the key', { privateKey: KEYS.merchantCertificate }, /apiclient_key\.pem/),
  config('the public key in place of the private one', { privateKey: KEYS.platformPublicKey }, /apiclient_key\.pem/),
  config('an encrypted private key', { privateKey: encrypted }, /openssl pkey|passphrase/),
  config('a key that lost its end', { privateKey: KEYS.merchantPrivateKey.slice(0, 400) }, /Copy the whole .* again/),
  config(
    'a key that lost its middle',
    { privateKey: KEYS.merchantPrivateKey.replace(/(.{64}\n){9}/, '') },
    /Copy the whole .* again/
  ),
  config('the .p12 in place of the key', { privateKey: Buffer.from([0x30, 0x82, 1, 2]) }, /apiclient_key\.pem/),
  config('a key without its first line', { privateKey: 'MIIEvQIBADANBgkqhkiG' }, /-----BEGIN/),
  config(
    'no environment at all',
    { mchId: undefined, privateKey: undefined, apiV3Key: undefined },
    /"mchId".*"apiV3Key".*"privateKey" are required/
  ),
  config('an empty environment variable', { privateKey: '' }, /is the environment variable/),
  config('the merchant id as a number', { mchId: 1900009191 }, /as text, in quotes/),
  config('the appid as merchant id', { mchId: 'wxd678efh567hg6787' }, /商户号/),
  config('the merchant id as appid', { appId: '1900009191' }, /merchant id.*must be the AppID/),
  config('the original id as appid', { appId: 'gh_0123456789ab' }, /原始ID.*AppID/),
  config('the serial number in decimal digits', { certSerial: decimalSerial }, new RegExp(KEYS.merchantSerial)),
  config('the id of the public key as certSerial', { certSerial: PUBLIC_KEY_ID }, /serial number of a certificate/),
  config(
    'the serial number of another certificate',
    { certSerial: 'AB'.repeat(20), certificate: KEYS.merchantCertificate },
    new RegExp(KEYS.merchantSerial)
  ),
  config(
    'the serial number of the platform certificate as certSerial',
    { certSerial: platform.serial, platformKeys: { [platform.serial]: platform.pem } },
    /certSerial.*apiclient_cert\.pem/s,
    /is a merchant certificate/
  ),
  config(
    'the key of another download',
    { privateKey: ownPublicKey.privateKey, certificate: KEYS.merchantCertificate },
    /apiclient_key\.pem and apiclient_cert\.pem from the same download/
  ),
  config('no serial number', { certSerial: undefined }, /openssl x509 -noout -serial/),
  config('platformKeys left out', { platformKeys: undefined }, /platformKeys" is required/),
  config('the public key without its id', { platformKeys: KEYS.platformPublicKey }, /PUB_KEY_ID_…': pem/),
  config('no platform key at all', { platformKeys: {} }, /PUB_KEY_ID_…': pem/),
  config(
    'the own certificate as platform certificate',
    { platformKeys: { [KEYS.merchantSerial]: KEYS.merchantCertificate } },
    /WeChat Pay public key.*'certificates'/
  ),
  config(
    'a platform certificate under the id of the public key',
    { platformKeys: { [PUBLIC_KEY_ID]: platform.pem } },
    /pub_key\.pem.*under its serial number/
  ),
  config(
    'the public key under a serial number',
    { platformKeys: { [KEYS.platformSerial]: KEYS.platformPublicKey } },
    /under its id, PUB_KEY_ID_/
  ),
  config(
    'the own public key as that of WeChat Pay',
    {
      privateKey: ownPublicKey.privateKey,
      platformKeys: { [PUBLIC_KEY_ID]: String(ownPublicKey.publicKey.export({ type: 'spki', format: 'pem' })) }
    },
    /merchant platform, API security, WeChat Pay public key/
  ),
  config(
    'the private key as platform key',
    { platformKeys: { [PUBLIC_KEY_ID]: KEYS.merchantPrivateKey } },
    /public key \(pub_key\.pem\)/
  ),
  config(
    'an option spelled as in another library',
    { notify_url: 'https://a.example.com' },
    /did you mean "notifyUrl"/
  ),
  config('an option of another case', { mchid: '1900009191' }, /did you mean "mchId"/),
  config('an address without scheme', { notifyUrl: 'shop.example.com/notify' }, /write http:\/\/ or https:\/\//),
  config('the address of the simulator without scheme', { simulator: 'localhost:8080' }, /http:\/\//),
  config('seconds as timeoutMs', { timeoutMs: 0.5 }, /integer from 1.*milliseconds/)
]
