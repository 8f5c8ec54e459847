import { createHash, createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createSimulator } from 'weixin-kit/simulator'
import { encryptGateway } from '../../../src/simulator/crypto/gateway-crypto.ts'

const HOST = 'rs.qiniuapi.com'
const TARGET = '/batch?x=1'
const BODY = 'op=/stat/YTpi'
const FORM = 'application/x-www-form-urlencoded'

describe('a signature of Qiniu that does not fit', () => {
  const simulator = createSimulator({ seed: 'explain' })
  const { accessKey, secretKey } = simulator.credentials.qiniu
  const sign = (text: string) =>
    createHmac('sha1', secretKey).update(text).digest('base64').replaceAll('+', '-').replaceAll('/', '_')
  const head = `POST ${TARGET}\nHost: ${HOST}\nContent-Type: ${FORM}\n\n`

  async function finding(scheme: string, signed: string) {
    await simulator.fetch(`https://${HOST}${TARGET}`, {
      method: 'POST',
      headers: { authorization: `${scheme} ${accessKey}:${sign(signed)}`, 'content-type': FORM },
      body: BODY
    })
    return simulator.log.entries.at(-1)
  }

  it.each([
    ['Qiniu', `${TARGET}\n${BODY}`, 'Signed by the rules of QBox'],
    ['Qiniu', head, 'The body is sent but'],
    ['Qiniu', head.replace('?x=1', '') + BODY, 'The query is sent but'],
    ['Qiniu', head.replace(FORM, 'application/json') + BODY, 'Signed with Content-Type application/json'],
    ['QBox', head + BODY, 'Signed by the rules of Qiniu'],
    ['QBox', `https://${HOST}${TARGET}\n${BODY}`, 'The whole URL was signed']
  ])('by %s over %j says why', async (scheme, signed, why) => {
    const entry = await finding(scheme, signed)
    expect(entry?.signature).toMatchObject({ signedText: signed, mistake: { en: expect.stringContaining(why) } })
    expect(entry?.signature?.expectedText).toBe(scheme === 'QBox' ? `${TARGET}\n${BODY}` : head + BODY)
    expect(entry?.refused.join()).toContain(why)
    expect(JSON.stringify(entry?.signature)).not.toContain(secretKey)
  })

  it('of another key shows what had to be signed', async () => {
    expect((await finding('Qiniu', 'anything'))?.signature).toMatchObject({ expectedText: head + BODY, compared: 11 })
    expect((await finding('Qiniu', 'anything'))?.signature?.mistake).toBeUndefined()
  })

  it('does not exist where it fits', async () => {
    expect((await finding('Qiniu', head + BODY))?.signature).toBeUndefined()
    expect((await finding('QBox', `${TARGET}\n${BODY}`))?.verified).toEqual(['Authorization (QBox)'])
  })
})

describe('an encrypted reply whose signature does not fit', () => {
  const sha1 = (text: string) => createHash('sha1').update(text).digest('hex')

  it.each([
    ['not sorted', (parts: string[]) => sha1(parts.join('')), 'not sorted'],
    ['without Encrypt', (parts: string[]) => sha1(parts.slice(0, 3).sort().join('')), 'Encrypt was left out'],
    ['in upper case', (parts: string[]) => sha1([...parts].sort().join('')).toUpperCase(), 'lower case'],
    ['with another token', () => sha1('x'), undefined]
  ])('%s says why', async (_, signed, why) => {
    const simulator = createSimulator({
      seed: 'reply',
      deliver: () => {
        const { token, encodingAESKey, appId } = simulator.credentials.gateway
        const Encrypt = encryptGateway(encodingAESKey, appId, '<xml></xml>', Buffer.alloc(16, 1))
        const parts = [token, '1700000000', 'zz9', Encrypt]
        return new Response(
          `<xml><Encrypt>${Encrypt}</Encrypt><MsgSignature>${signed(parts)}</MsgSignature><TimeStamp>1700000000</TimeStamp><Nonce>zz9</Nonce></xml>`
        )
      }
    })
    await simulator.user('ming').send('hello')
    const entry = simulator.log.entries.findLast(({ service }) => service === 'gateway')
    expect(entry?.note).toContain('MsgSignature does not fit')
    expect(entry?.signature?.mistake?.en ?? '').toContain(why ?? '')
    expect(entry?.signature?.mistake === undefined).toBe(why === undefined)
    expect(entry?.signature?.expectedText).toContain('⟨token⟩')
    expect(JSON.stringify(entry?.signature)).not.toContain(simulator.credentials.gateway.token)
  })
})
