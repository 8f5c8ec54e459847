import type { RequestOptions } from '../core/client-options.ts'
import { type CallerOptions, YunpianCaller } from './caller.ts'
import { Flow } from './flow.ts'
import { ShortUrls } from './short-url.ts'
import { Signs } from './signs.ts'
import { Sms } from './sms.ts'
import { Templates } from './tpl.ts'
import { Users } from './users.ts'
import { Voice } from './voice.ts'
import type { YunpianRequest } from './yunpian.ts'

export { makeReplyReceiver, makeStatusReceiver, makeTemplateReceiver } from './push-receivers.ts'
export { VerificationCodes } from './verification-codes.ts'

/** The calls of one account, loaded after the client: see `late-part.ts`. */
export class Calls {
  readonly sms: Sms
  readonly templates: Templates
  readonly signs: Signs
  readonly users: Users
  readonly voice: Voice
  readonly flow: Flow
  readonly shortUrls: ShortUrls
  readonly #caller: YunpianCaller

  constructor(options: CallerOptions) {
    const caller = new YunpianCaller(options)
    this.#caller = caller
    this.sms = new Sms(caller)
    this.templates = new Templates(caller)
    this.signs = new Signs(caller)
    this.users = new Users(caller)
    this.voice = new Voice(caller)
    this.flow = new Flow(caller)
    this.shortUrls = new ShortUrls(caller)
  }

  /** Any API by its path, whose parameters were checked. */
  request(request: YunpianRequest, options: RequestOptions): Promise<unknown> {
    const { path, body = {}, host = 'sms', idempotent = false } = request
    return this.#caller.send(`request ${path}`, { host, path, idempotent }, body, options)
  }
}
