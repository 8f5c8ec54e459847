import type { Simulator } from 'weixin-kit/simulator'

export const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64'
)

/** A picture as the page of a user uploads it to WeChat; answers its `media_id`. */
export async function temporaryImage(simulator: Simulator): Promise<string> {
  const { appId, appSecret } = simulator.credentials.officialAccount
  const body = JSON.stringify({ grant_type: 'client_credential', appid: appId, secret: appSecret })
  const token = await simulator.fetch('https://api.weixin.qq.com/cgi-bin/stable_token', { method: 'POST', body })
  const { access_token } = (await token.json()) as { access_token: string }
  const form = new FormData()
  form.set('media', new Blob([PNG], { type: 'image/png' }), 'photo.png')
  const url = `https://api.weixin.qq.com/cgi-bin/media/upload?type=image&access_token=${access_token}`
  const uploaded = await simulator.fetch(url, { method: 'POST', body: form })
  return ((await uploaded.json()) as { media_id: string }).media_id
}
