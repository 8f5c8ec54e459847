import { upstreamJson } from '../framework/upstream-json.ts'

export type PushName = 'sms_status' | 'voice_status' | 'flow_status' | 'sms_reply'

/** A push of Yunpian: a form with one field of JSON, which some of its servers encode twice. */
export function pushRequest(name: PushName, value: unknown, url: string | URL, isEncodedTwice = false): Request {
  const once = encodeURIComponent(upstreamJson(value))
  return new Request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded;charset=utf-8' },
    body: `${name}=${isEncodedTwice ? encodeURIComponent(once) : once}`
  })
}
