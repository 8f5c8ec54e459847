import { expect, it } from 'vitest'
import { OfficialAccount } from 'weixin-kit/mp'
import { createSimulator } from 'weixin-kit/simulator'
import { json, stubFetch } from '../support/stub-fetch.ts'

// Pictures and voice often come labelled text/plain and without a name: the name is made of the id, and was one without an extension.

const FILES: Readonly<Record<string, Buffer>> = {
  '.jpg': Buffer.from('ffd8ffe000104a464946', 'hex'),
  '.png': Buffer.from('89504e470d0a1a0a', 'hex'),
  '.gif': Buffer.from('GIF89a'),
  '.webp': Buffer.from('RIFF\n\0\0\0WEBPVP8 '),
  '.amr': Buffer.from('#!AMR\n<'),
  '.mp3': Buffer.from('fffb9064', 'hex'),
  '.mp4': Buffer.from('\0\0\0 ftypisom'),
  '': Buffer.from('no known kind')
}

it.each(Object.entries(FILES))('ends in %j by the first bytes', async (extension, bytes) => {
  for (const type of ['text/plain', 'application/octet-stream', 'text/jpeg', undefined]) {
    const fetch = stubFetch(({ url }) =>
      url.pathname.endsWith('stable_token')
        ? json({ access_token: 'T', expires_in: 7200 })
        : new Response(new Uint8Array(bytes), { headers: type === undefined ? {} : { 'content-type': type } })
    )
    const mp = new OfficialAccount({ appId: 'wx4f4bc4dec97d474b', appSecret: 'not-a-real-secret', fetch })
    const material = await mp.media.get('MEDIA_ID')
    if (material.kind !== 'file') return expect.fail('no file')
    expect([material.file.fileName, Buffer.from(await material.file.bytes())]).toEqual([`MEDIA_ID${extension}`, bytes])
  }
})

it('so do permanent pictures of the simulator', async () => {
  const simulator = createSimulator()
  const mp = new OfficialAccount({ ...simulator.credentials.officialAccount, ...simulator.clientOptions })
  const data = FILES['.png'] ?? Buffer.alloc(0)
  const { media_id } = await mp.materials.add({ type: 'image', data, fileName: 'cat.png' })
  const material = await mp.materials.get(media_id)
  if (material.kind !== 'file') return expect.fail('no file')
  expect(material.file).toMatchObject({ contentType: 'text/plain', fileName: `${media_id}.png` })
  expect(Buffer.from(await material.file.bytes())).toEqual(data)
})
