import { describe, expect, it } from 'vitest'
import { MessageGateway } from 'weixin-kit/gateway'
import { OfficialAccount } from 'weixin-kit/mp'
import { createSimulator, SimulatorClock } from 'weixin-kit/simulator'

const errcode = (code: number) => expect.objectContaining({ code: 'ERR_WECHAT_API', errcode: code })
const invalid = (option: string) => expect.objectContaining({ code: 'ERR_INVALID_PARAM', option })

async function setUp() {
  const events: Record<string, unknown>[] = []
  const simulator = createSimulator({
    clock: new SimulatorClock({ startAt: Date.UTC(2026, 2, 1) }),
    deliver: { gateway: (request) => handler(request) }
  })
  const gateway = new MessageGateway({ ...simulator.credentials.gateway, clock: simulator.clock.now, logger: {} })
  gateway.on('event', (message) => void events.push({ ...message }))
  const handler = gateway.handler()
  const mp = new OfficialAccount({ ...simulator.credentials.officialAccount, ...simulator.clientOptions })
  const cover = await mp.materials.add({ type: 'image', data: PNG, fileName: 'cover.png' })
  const article = { title: 'Tea', content: '<p>Green tea</p>', thumb_media_id: cover.media_id }
  const people = ['ming', 'hong', 'gang'].map((id) => simulator.user(id))
  for (const person of people) await person.follow()
  events.length = 0
  return { simulator, mp, article, people, events }
}

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64'
)

describe('publishing', () => {
  it('goes from a draft to an article, and back', async () => {
    const { simulator, mp, article, events } = await setUp()
    const media_id = await mp.drafts.add([article, { ...article, title: 'Coffee' }])
    expect(await mp.drafts.count()).toBe(1)
    await mp.drafts.update({ media_id, index: 1, article: { ...article, title: 'Cocoa' } })
    expect((await mp.drafts.get(media_id)).map(({ title }) => title)).toEqual(['Tea', 'Cocoa'])
    const { publish_id } = await mp.publishing.submit(media_id)
    expect(await mp.publishing.get(publish_id)).toMatchObject({ publish_status: 1 })
    await simulator.clock.advance(5_000)
    const result = await mp.publishing.get(publish_id)
    expect(result).toMatchObject({ publish_status: 0, article_detail: { count: 2 } })
    expect(events).toEqual([expect.objectContaining({ Event: 'PUBLISHJOBFINISH' })])
    const article_id = result.article_id ?? ''
    await mp.publishing.delete({ article_id, index: 1 })
    expect((await mp.publishing.article(article_id)).map(({ is_deleted }) => is_deleted)).toEqual([true, false])
    expect(await mp.publishing.list()).toMatchObject({ total_count: 1, item: [{ article_id }] })
    await mp.publishing.delete({ article_id })
    expect(await mp.publishing.get(publish_id)).toMatchObject({ publish_status: 5 })
    // A published draft has left the list.
    await expect(mp.drafts.get(media_id)).rejects.toThrow(errcode(40007))
  })

  it.each([2, 3, 4] as const)('reports how it failed: %s', async (status) => {
    const { simulator, mp, article } = await setUp()
    simulator.wechat.endPublications([status])
    const { publish_id } = await mp.publishing.submit(await mp.drafts.add([article]))
    await simulator.clock.advance(5_000)
    const result = await mp.publishing.get(publish_id)
    expect(result.publish_status).toBe(status)
    expect(result.fail_idx).toEqual(status === 3 ? [] : [1])
    expect(result.article_id).toBeUndefined()
  })

  it('checks sizes, counts and pictures before sending', async () => {
    const { simulator, mp, article } = await setUp()
    const before = simulator.log.entries.length
    const add = (more: object) => mp.drafts.add([{ ...article, ...more }])
    await expect(add({ title: 'x'.repeat(33) })).rejects.toThrow(invalid('title'))
    await expect(add({ content: 'x'.repeat(20_000) })).rejects.toThrow(invalid('content'))
    await expect(add({ digest: 'x'.repeat(129) })).rejects.toThrow(invalid('digest'))
    await expect(add({ thumb_media_id: '' })).rejects.toThrow(invalid('thumb_media_id'))
    await expect(add({ pic_crop_1_1: '0_0_2_1' })).rejects.toThrow(invalid('pic_crop_1_1'))
    await expect(add({ article_type: 'newspic', image_info: { image_list: [] } })).rejects.toThrow(
      invalid('image_list')
    )
    await expect(mp.drafts.add(Array.from({ length: 9 }, () => article))).rejects.toThrow(invalid('articles'))
    await expect(mp.drafts.list({ count: 21 })).rejects.toThrow(invalid('count'))
    expect(simulator.log.entries.length).toBe(before)
    await expect(add({ thumb_media_id: 'not-permanent' })).rejects.toThrow(errcode(40007))
    await expect(mp.publishing.submit('none')).rejects.toThrow(errcode(40007))
    await expect(mp.publishing.article('none')).rejects.toThrow(errcode(53600))
  })
})

describe('mass messages', () => {
  it('send once, whatever is repeated', async () => {
    const { simulator, mp, people, events } = await setUp()
    const content = { msgtype: 'text', text: { content: 'Hello' }, clientmsgid: 'hello-1' } as const
    const first = await mp.massMessages.send({ to: 'all' }, content)
    expect(await mp.massMessages.send({ to: 'all' }, content)).toEqual({ msg_id: first.msg_id, repeated: true })
    expect(await mp.massMessages.get(first.msg_id)).toBe('SENDING')
    await simulator.clock.advance(5_000)
    expect(await mp.massMessages.get(first.msg_id)).toBe('SEND_SUCCESS')
    expect(events).toEqual([
      expect.objectContaining({ Event: 'MASSSENDJOBFINISH', Status: 'send success', SentCount: expect.anything() })
    ])
    for (const person of people) expect(person.messages().filter(({ kind }) => kind === 'custom')).toHaveLength(1)
    await expect(mp.massMessages.send({ to: 'all' }, { ...content, clientmsgid: 'hello-2' })).rejects.toThrow(
      errcode(45028)
    )
  })

  it('reach a tag, a list, or one person for a look', async () => {
    const { simulator, mp, people } = await setUp()
    const [ming, hong] = people.map((person) => person.openid())
    const tag = await mp.tags.create('VIP')
    await mp.tags.tagUsers({ tagid: tag.id, openid_list: [ming ?? ''] })
    const text = { msgtype: 'text', text: { content: 'Hi' } } as const
    await mp.massMessages.send({ to: 'tag', tag_id: tag.id }, text)
    await mp.massMessages.send({ to: 'openids', openids: [ming ?? '', hong ?? ''] }, text)
    await mp.massMessages.preview({ touser: hong ?? '' }, text)
    await simulator.clock.advance(5_000)
    const count = (i: number) => people[i]?.messages().filter(({ kind }) => kind === 'custom').length
    expect([count(0), count(1), count(2)]).toEqual([2, 2, 0])
    await expect(mp.massMessages.send({ to: 'tag', tag_id: 999 }, text)).rejects.toThrow(errcode(45159))
    await expect(mp.massMessages.send({ to: 'openids', openids: ['one'] }, text)).rejects.toThrow(invalid('openids'))
    await expect(mp.massMessages.send({ to: 'all' }, { ...text, clientmsgid: 'x'.repeat(65) })).rejects.toThrow(
      invalid('clientmsgid')
    )
    await mp.massMessages.setSpeed(4)
    expect(await mp.massMessages.speed()).toMatchObject({ speed: 4, realspeed: 10 })
    await expect(mp.massMessages.delete({ msg_id: 1 })).rejects.toThrow(errcode(40059))
  })

  it('send a video that was made for them', async () => {
    const { simulator, mp, people } = await setUp()
    const data = Buffer.from('\0\0\0\x18ftypmp42')
    const { media_id = '' } = await mp.media.upload({ type: 'video', data, fileName: 'tea.mp4' })
    const video = await mp.massMessages.uploadVideo({ media_id, title: 'Tea' })
    expect(video).toEqual({ type: 'video', media_id: expect.any(String), created_at: Date.UTC(2026, 2, 1) / 1000 })
    const send = (id: string) =>
      mp.massMessages.send({ to: 'all' }, { msgtype: 'mpvideo', mpvideo: { media_id: id }, clientmsgid: 'tea-1' })
    await expect(send(media_id)).rejects.toThrow(errcode(40007))
    await send(video.media_id)
    await simulator.clock.advance(5_000)
    for (const person of people) expect(person.messages().filter(({ kind }) => kind === 'custom')).toHaveLength(1)
    const picture = await mp.materials.add({ type: 'image', data: PNG, fileName: 'tea.png' })
    await expect(mp.massMessages.uploadVideo({ media_id: picture.media_id })).rejects.toThrow(errcode(40007))
    await expect(mp.massMessages.uploadVideo({ media_id: '' })).rejects.toThrow(invalid('media_id'))
    await simulator.clock.advance(3 * 24 * 3_600_000)
    await expect(mp.massMessages.uploadVideo({ media_id })).rejects.toThrow(errcode(40007))
  })
})

describe('comments', () => {
  it('are listed, elected, replied to and deleted', async () => {
    const { simulator, mp, article, people } = await setUp()
    const media_id = await mp.drafts.add([article])
    const { msg_data_id = 0 } = await mp.massMessages.send({ to: 'all' }, { msgtype: 'mpnews', mpnews: { media_id } })
    const user_comment_id = people[0]?.comment(msg_data_id, 'Nice tea') ?? 0
    const ref = { msg_data_id, user_comment_id }
    await mp.comments.elect(ref)
    await mp.comments.reply({ ...ref, content: 'Thank you' })
    await expect(mp.comments.reply({ ...ref, content: 'Again' })).rejects.toThrow(errcode(88005))
    const { total, comment } = await mp.comments.list({ msg_data_id, type: 2 })
    expect(total).toBe(1)
    expect(comment).toEqual([
      expect.objectContaining({
        content: 'Nice tea',
        comment_type: 1,
        reply: expect.objectContaining({ content: 'Thank you' })
      })
    ])
    await mp.comments.deleteReply(ref)
    await expect(mp.comments.deleteReply(ref)).rejects.toThrow(errcode(88009))
    await mp.comments.unelect(ref)
    await mp.comments.delete(ref)
    await expect(mp.comments.delete(ref)).rejects.toThrow(errcode(88008))
    await mp.comments.close({ msg_data_id })
    expect(() => people[0]?.comment(msg_data_id, 'Late')).toThrow('closed')
    await expect(mp.comments.list({ msg_data_id: 1 })).rejects.toThrow(errcode(88001))
    simulator.wechat.allowComments(false)
    await expect(mp.comments.open({ msg_data_id })).rejects.toThrow(errcode(88000))
  })
})
