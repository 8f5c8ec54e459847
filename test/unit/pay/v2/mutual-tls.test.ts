import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { undiciFetch } from 'weixin-kit'
import { WeChatPayV2, type WeChatPayV2Options } from 'weixin-kit/pay/v2'
import { type MerchantCertificates, merchantCertificates } from '../../../support/merchant-certificates.ts'
import { API_KEY, APP_ID, errorOf, MCH_ID, toXml } from '../../../support/pay-v2.ts'
import { answerOf, CALLS } from './calls.ts'

/** A server that asks for a certificate of its CA, and refuses the calls that need one without it, as WeChat Pay does. */
interface Gate {
  url: string
  seen: { path: string; serial: string | undefined; isAuthorised: boolean }[]
  connections: number
  server: Server
}

let certificates: MerchantCertificates
let polite: Gate
let strict: Gate

beforeAll(async () => {
  certificates = merchantCertificates(MCH_ID)
  polite = await open(false)
  strict = await open(true)
})

afterAll(async () => {
  for (const { server } of [polite, strict]) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

beforeEach(() => {
  for (const gate of [polite, strict]) {
    gate.seen.length = 0
    gate.connections = 0
  }
})

async function open(rejectUnauthorized: boolean): Promise<Gate> {
  const { serverKey: key, serverCert: cert, caCert: ca } = certificates
  const server = createServer({ key, cert, ca, requestCert: true, rejectUnauthorized })
  const gate: Gate = { url: '', seen: [], connections: 0, server }
  server.on('secureConnection', () => gate.connections++)
  server.on('request', (request, response) => {
    const socket = request.socket as TLSSocket
    const path = request.url ?? ''
    const serial = socket.getPeerCertificate()?.serialNumber
    // A resumed session counts as authorised, also one without a certificate.
    const isAuthorised = socket.authorized && serial !== undefined
    gate.seen.push({ path, serial, isAuthorised })
    request.resume()
    request.on('end', () => {
      const call = CALLS.find((one) => one.path === path)
      if (!call) response.writeHead(404).end()
      else if (!call.needsCertificate || isAuthorised) response.end(answerOf(call))
      else response.end(toXml({ return_code: 'FAIL', return_msg: '证书错误' }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  gate.url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  return gate
}

function clientOf(gate: Gate, options: Partial<WeChatPayV2Options> = {}): WeChatPayV2 {
  return new WeChatPayV2({
    appId: APP_ID,
    mchId: MCH_ID,
    apiKey: API_KEY,
    notifyUrl: 'https://shop.example.com/notify',
    baseUrl: gate.url,
    ca: certificates.caCert,
    maxRetries: 0,
    ...options
  })
}

const forms: [string, () => NonNullable<WeChatPayV2Options['clientCert']>][] = [
  ['PEM', () => ({ cert: certificates.cert, key: certificates.key })],
  ['a modern .p12', () => ({ pfx: certificates.modernPfx })],
  ['a legacy .p12 (RC2-40)', () => ({ pfx: certificates.legacyPfx })]
]
const transports: [string, () => Partial<WeChatPayV2Options>][] = [
  ['fetch', () => ({})],
  ['undiciFetch', () => ({ fetch: undiciFetch() })]
]

describe.each(transports)('over %s', (_transport, transport) => {
  it.each(forms)(
    'accepts all calls with the certificate from %s, and keeps the connections',
    async (_form, clientCert) => {
      const pay = clientOf(polite, { clientCert: clientCert(), ...transport() })
      for (const call of [...CALLS, ...CALLS]) await call.invoke(pay)
      expect(polite.seen).toHaveLength(CALLS.length * 2)
      for (const { path, serial, isAuthorised } of polite.seen) {
        const needsCertificate = CALLS.find((call) => call.path === path)?.needsCertificate
        // A call that needs none presents none: to whom we are known is the endpoint's business.
        expect([path, serial]).toEqual([path, needsCertificate ? '0A1B2C3D4E' : undefined])
        expect(isAuthorised).toBe(needsCertificate)
      }
    }
  )

  it('gets through where the handshake itself demands a certificate', async () => {
    for (const [, clientCert] of forms) {
      const pay = clientOf(strict, { clientCert: clientCert(), ...transport() })
      for (const call of CALLS.filter(({ needsCertificate }) => needsCertificate)) await call.invoke(pay)
    }
    expect(strict.seen.every(({ isAuthorised }) => isAuthorised)).toBe(true)
  })

  it('shares connections among many calls at once', async () => {
    const pay = clientOf(polite, { clientCert: { pfx: certificates.modernPfx }, ...transport() })
    const refund = CALLS.find(({ name }) => name === 'refunds.create')
    const tenAtOnce = () => Promise.all(Array.from({ length: 10 }, () => refund?.invoke(pay)))
    for (let round = 0; round < 10; round++) await tenAtOnce()
    expect(polite.seen).toHaveLength(100)
    expect(polite.connections).toBeLessThanOrEqual(20)
  })

  it('is refused with a certificate of another CA', async () => {
    const pay = clientOf(strict, {
      clientCert: { cert: certificates.strangerCert, key: certificates.strangerKey },
      ...transport()
    })
    const error = await errorOf(() => pay.transfers.query({ partner_trade_no: 'T20260301000001' }))
    expect(error.code).toBe('ERR_CONNECTION')
    expect(strict.seen).toHaveLength(0)
  })

  it('refuses a server that the system does not trust; there is nothing to switch that off', async () => {
    const { ca: _, ...options } = { ca: 0, baseUrl: polite.url, maxRetries: 0 }
    const account = { appId: APP_ID, mchId: MCH_ID, apiKey: API_KEY }
    const pay = new WeChatPayV2({ ...account, ...options, clientCert: { pfx: certificates.modernPfx }, ...transport() })
    for (const name of ['orders.query', 'refunds.create']) {
      const call = CALLS.find((one) => one.name === name)
      const error = await errorOf(() => call?.invoke(pay))
      // Nothing was sent, thus the outcome is certain even for the refund.
      expect([name, error.code, error.requestSent]).toEqual([name, 'ERR_CONNECTION', false])
    }
    expect(polite.seen).toHaveLength(0)
  })
})
