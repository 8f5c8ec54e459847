import type { LateMethods } from '../core/late/late-group.ts'
import { onFirstUse } from '../internal/on-first-use.ts'
import type { Calls } from './calls.ts'
import type { VerificationCodes } from './verification-codes.ts'

type Group = 'sms' | 'templates' | 'signs' | 'users' | 'voice' | 'flow' | 'shortUrls'

const answers = 'answers'

/** The methods of each group of calls, which are there before their code is. */
export const callMethods = onFirstUse((): { readonly [Name in Group]: LateMethods<Calls[Name]> } => ({
  sms: {
    singleSend: answers,
    batchSend: answers,
    multiSend: answers,
    tplSingleSend: answers,
    tplBatchSend: answers,
    pullStatus: answers,
    pullReply: answers,
    getReply: answers,
    getRecord: answers,
    count: answers,
    getBlackWord: answers,
    getTotalFee: answers,
    regComplete: answers
  },
  templates: {
    getDefault: answers,
    get: answers,
    add: answers,
    update: answers,
    del: answers,
    addVoiceNotify: answers,
    updateVoiceNotify: answers
  },
  signs: { add: answers, update: answers, get: answers },
  users: { get: answers, set: answers },
  voice: { send: answers, tplNotify: answers, pullStatus: answers },
  flow: { getPackage: answers, recharge: answers, pullStatus: answers },
  shortUrls: { shorten: answers, stat: answers }
}))

export const VERIFICATION_CODE_METHODS: LateMethods<VerificationCodes> = {
  issue: answers,
  send: answers,
  check: answers
}
