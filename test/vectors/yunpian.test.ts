import { describe, expect, it } from 'vitest'
import { type SmsReply, type StatusReport, Yunpian } from 'weixin-kit/yunpian'
import { json, stubFetch } from '../support/stub-fetch.ts'
import file from './yunpian.json' with { type: 'json' }

interface Input {
  kind: string
  contentType: string
  body: string
  apikey: string
  values: [string, string][]
  texts: string[]
}
type Expected = Record<string, unknown>

const SECRET = 'a-secret-of-the-address'
const push = ({ contentType, body }: Input, address = 'https://app.example/push') =>
  new Request(address, { method: 'POST', headers: { 'content-type': contentType }, body })

const check: Record<string, (input: Input, expected: Expected) => Promise<void>> = {
  statusPush: async (input, expected) => {
    const reports: StatusReport[] = []
    const onStatus = (report: StatusReport) => void reports.push(report)
    const handler = new Yunpian({ apiKey: '0000' }).statusHandler({ secret: SECRET, onStatus })
    const answer = await handler(push(input, `https://app.example/push?secret=${SECRET}`))
    expect(await answer.text()).toBe(expected.reply)
    expect(reports).toEqual(expected.items)
  },
  replyPush: async (input, expected) => {
    const replies: SmsReply[] = []
    const handler = new Yunpian({ apiKey: input.apikey }).replyHandler({ onReply: (reply) => void replies.push(reply) })
    const answer = await handler(push(input))
    expect(replies).toEqual(expected.valid ? [expected.item] : [])
    expect([answer.status, await answer.text()]).toEqual(
      expected.valid ? [200, 'SUCCESS'] : [401, 'ERR_SIGNATURE_MISMATCH']
    )
  },
  tplValue: async (input, expected) => {
    const fetch = stubFetch(() => json({ code: 0, msg: 'OK', count: 1, fee: 0.05, unit: 'RMB', mobile: '1', sid: 1 }))
    const { sms } = new Yunpian({ apiKey: '0000', fetch })
    await sms.tplSingleSend({ mobile: '13800138000', tpl_id: 1, tpl_value: Object.fromEntries(input.values) })
    const body = fetch.seen[0]?.body ?? ''
    expect(body.split('&')).toContain(expected.formField)
    expect(new URLSearchParams(body).get('tpl_value')).toBe(expected.tplValue)
  },
  multiText: async (input, expected) => {
    const fetch = stubFetch(() => json({ total_count: 2, total_fee: 0.1, unit: 'RMB', data: [] }))
    const { sms } = new Yunpian({ apiKey: '0000', fetch })
    await sms.multiSend({ mobile: ['13800138000', '13800138001'], text: input.texts })
    const body = fetch.seen[0]?.body ?? ''
    expect(body.split('&')).toContain(expected.formField)
    expect(new URLSearchParams(body).get('text')).toBe(expected.text)
  }
}

describe('yunpian.json', () => {
  it.each(file.vectors)('$id', async ({ input, expected }) => {
    const run = check[input.kind] ?? expect.fail(`unknown kind ${input.kind}`)
    await run(input as unknown as Input, expected as Expected)
  })
})
