/** One call of the API. */
export interface YunpianEndpoint {
  readonly host: 'sms' | 'voice' | 'flow'
  readonly path: string
  /**
   * Whether a repeat does no harm. A send repeated is a second message (and a second fee), and a pull whose answer was
   * lost has already removed what it returned.
   */
  readonly idempotent: boolean
}

const sms = (path: string, idempotent = false): YunpianEndpoint => ({ host: 'sms', path, idempotent })
const voice = (path: string): YunpianEndpoint => ({ host: 'voice', path, idempotent: false })
const flow = (path: string, idempotent = false): YunpianEndpoint => ({ host: 'flow', path, idempotent })

/** Sources: Yunpian, "API v2" (短信、语音、流量、短链接). */
export const ENDPOINTS = {
  'sms.singleSend': sms('/v2/sms/single_send.json'),
  'sms.batchSend': sms('/v2/sms/batch_send.json'),
  'sms.multiSend': sms('/v2/sms/multi_send.json'),
  'sms.tplSingleSend': sms('/v2/sms/tpl_single_send.json'),
  'sms.tplBatchSend': sms('/v2/sms/tpl_batch_send.json'),
  'sms.pullStatus': sms('/v2/sms/pull_status.json'),
  'sms.pullReply': sms('/v2/sms/pull_reply.json'),
  'sms.getReply': sms('/v2/sms/get_reply.json', true),
  'sms.getRecord': sms('/v2/sms/get_record.json', true),
  'sms.count': sms('/v2/sms/count.json', true),
  'sms.getBlackWord': sms('/v2/sms/get_black_word.json', true),
  'sms.getTotalFee': sms('/v2/sms/get_total_fee.json', true),
  'sms.regComplete': sms('/v2/sms/reg_complete.json'),
  'tpl.getDefault': sms('/v2/tpl/get_default.json', true),
  'tpl.get': sms('/v2/tpl/get.json', true),
  'tpl.add': sms('/v2/tpl/add.json'),
  'tpl.update': sms('/v2/tpl/update.json'),
  'tpl.del': sms('/v2/tpl/del.json'),
  'tpl.addVoiceNotify': sms('/v2/tpl/add_voice_notify.json'),
  'tpl.updateVoiceNotify': sms('/v2/tpl/update_voice_notify.json'),
  'sign.add': sms('/v2/sign/add.json'),
  'sign.update': sms('/v2/sign/update.json'),
  'sign.get': sms('/v2/sign/get.json', true),
  'user.get': sms('/v2/user/get.json', true),
  'user.set': sms('/v2/user/set.json'),
  'voice.send': voice('/v2/voice/send.json'),
  'voice.tplNotify': voice('/v2/voice/tpl_notify.json'),
  'voice.pullStatus': voice('/v2/voice/pull_status.json'),
  'flow.getPackage': flow('/v2/flow/get_package.json', true),
  'flow.recharge': flow('/v2/flow/recharge.json'),
  'flow.pullStatus': flow('/v2/flow/pull_status.json'),
  'shortUrl.shorten': sms('/v2/short_url/shorten.json'),
  'shortUrl.stat': sms('/v2/short_url/stat.json', true)
} as const satisfies Record<string, YunpianEndpoint>

export type YunpianOperation = keyof typeof ENDPOINTS
