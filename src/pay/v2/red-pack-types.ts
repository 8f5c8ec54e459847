interface RedPackBase {
  /** Official Account of the merchant: `appId` (default) or one of `furtherAppIds` of the client. */
  wxappid?: string | undefined
  /** Service provider mode (服务商模式): the sub-merchant. Default `subMchId` of the client. */
  sub_mch_id?: string | undefined
  /** Your number, at most 28 letters and digits. Retry only with the same one. */
  mch_billno: string
  send_name: string
  /** openid under the client's appid, which must be that of an Official Account. */
  re_openid: string
  /** Fen. */
  total_amount: number
  wishing: string
  act_name: string
  remark: string
  /** Purpose; required below 100 and above 20 000 fen. */
  scene_id?: `PRODUCT_${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8}` | undefined
  /** `posttime=…&mobile=…`, URL-encoded. */
  risk_info?: string | undefined
  consume_mch_id?: string | undefined
  msgappid?: string | undefined
}

/** Parameters of `redPacks.send` (普通红包). */
export interface RedPackParams extends RedPackBase {
  client_ip: string
  total_num?: 1 | undefined
}

/** Parameters of `redPacks.sendGroup` (裂变红包). */
export interface GroupRedPackParams extends RedPackBase {
  /** At least 3. */
  total_num: number
  amt_type?: 'ALL_RAND' | undefined
}

/** Parameters of `redPacks.sendMiniProgram` (小程序红包). */
export interface MiniProgramRedPackParams extends RedPackBase {
  total_num?: 1 | undefined
  notify_way?: 'MINI_PROGRAM_JSAPI' | undefined
}

/** A sent red packet. */
export interface RedPack {
  mch_billno: string
  mch_id: string
  wxappid: string
  re_openid: string
  /** Fen. */
  total_amount: number
  send_listid: string
}

/** A red packet as the query returns it. Amounts in fen, times `yyyy-MM-dd HH:mm:ss` in Beijing time. */
export interface QueriedRedPack {
  mch_billno: string
  mch_id: string
  detail_id: string
  /** `RFUND_ING` (upstream's spelling): being returned, because nobody accepted it within 24 hours. */
  status: 'SENDING' | 'SENT' | 'FAILED' | 'RECEIVED' | 'RFUND_ING' | 'REFUND'
  send_type: 'API' | 'UPLOAD' | 'ACTIVITY'
  hb_type: 'NORMAL' | 'GROUP'
  total_num: number
  /** Fen. */
  total_amount: number
  reason?: string
  /** `yyyy-MM-dd HH:mm:ss`, Beijing time. */
  send_time: string
  /** `yyyy-MM-dd HH:mm:ss`, Beijing time. */
  refund_time?: string
  /** Fen. */
  refund_amount?: number
  wishing?: string
  remark?: string
  act_name?: string
  /** The recipients: the upstream's `hblist`. */
  receivers: { openid: string; amount: number; rcv_time: string }[]
}
