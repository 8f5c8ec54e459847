import type { WireId } from '../wechat-api/wire-types.ts'

/** A value of a template; `color` (#RRGGBB) has no effect any more. */
export interface TemplateValue {
  value: string
  color?: string | undefined
}

/** Parameters of `templateMessages.send`. */
export interface TemplateMessage {
  /** openid of a follower. */
  touser: string
  template_id: string
  /** URL to open on a tap; ignored if `miniprogram` can be opened. */
  url?: string | undefined
  /** The mini program must be linked to the account. */
  miniprogram?: { appid: string; pagepath?: string | undefined } | undefined
  /** By the names of the template's fields. */
  data: Readonly<Record<string, TemplateValue>>
  /** Up to 32 characters: a message with the same id to the same user within 10 minutes is sent only once. */
  client_msg_id?: string | undefined
}

/** Response of `templateMessages.send`. The result arrives as the event TEMPLATESENDJOBFINISH with the same id. */
export interface TemplateMessageSent {
  msgid: WireId
}

/** Response of `templateMessages.industry.get`. */
export interface Industry {
  primary_industry: { first_class: string; second_class: string }
  secondary_industry: { first_class: string; second_class: string }
}

/** Parameters of `templateMessages.templates.add`. */
export interface AddPrivateTemplate {
  /** Number in the library, e.g. `TM00015`. */
  template_id_short: string
  /** For templates that require a choice of fields. */
  keyword_name_list?: readonly string[] | undefined
}

/** A template of the account. */
export interface PrivateTemplate {
  template_id: string
  title: string
  primary_industry: string
  deputy_industry: string
  content: string
  example: string
}

/** Parameters of `templateMessages.oneTimePageUrl`. */
export interface OneTimePageParams {
  /** 0 to 10000. */
  scene: number
  template_id: string
  redirect_url: string | URL
  reserved: string
}

/** Parameters of `templateMessages.sendOneTime`. */
export interface OneTimeMessage {
  touser: string
  template_id: string
  url?: string | undefined
  miniprogram?: { appid: string; pagepath?: string | undefined } | undefined
  /** 0 to 10000, the scene that the user agreed to. */
  scene: number
  /** Up to 15 characters. */
  title: string
  /** Up to 200 characters. */
  data: { content: TemplateValue }
}
