import type { EventBase } from './base.ts'
import type { OpenEvent } from './mini-program-events.ts'

/** Fields shared by the events of cards and coupons; which ones are present depends on the event. Fees in fen. */
export interface CardEvent extends EventBase {
  CardId?: string
  UserCardCode?: string
  /** 1 if given by a friend. */
  IsGiveByFriend?: number
  FriendUserName?: string
  OuterStr?: string
  OuterId?: string
  OldUserCardCode?: string
  ConsumeSource?: string
  TransId?: string
  LocationId?: string
  Fee?: number
  OriginalFee?: number
  ModifyBonus?: number
  ModifyBalance?: number
  RefuseReason?: string
}

/** Result of the review of a shop (门店). */
export interface PoiCheckEvent extends EventBase {
  UniqId: string
  PoiId: string
  Result: string
  msg: string
}

/** An order of the former WeChat shop was paid. */
export interface MerchantOrderEvent extends EventBase {
  OrderId: string
  OrderStatus: string
  ProductId: string
  SkuInfo: string
}

/** Events of cards, invoices, shops and devices. */
export interface CardEventMap {
  card_pass_check: CardEvent
  card_not_pass_check: CardEvent
  user_get_card: CardEvent
  user_gifting_card: CardEvent
  user_del_card: CardEvent
  user_consume_card: CardEvent
  user_pay_from_pay_cell: CardEvent
  user_view_card: CardEvent
  user_enter_session_from_card: CardEvent
  update_member_card: CardEvent
  card_sku_remind: CardEvent
  card_pay_order: CardEvent
  submit_membercard_user_info: CardEvent
  giftcard_pay_done: CardEvent
  giftcard_send_to_friend: CardEvent
  giftcard_user_accept: CardEvent
  poi_check_notify: PoiCheckEvent
  merchant_order: MerchantOrderEvent
  ShakearoundUserShake: OpenEvent
  WifiConnected: OpenEvent
  guide_qrcode_scan_event: OpenEvent
  user_authorize_invoice: OpenEvent
  submit_invoice_title: OpenEvent
  update_invoice_status: OpenEvent
  cloud_invoice_invoiceresult_event: OpenEvent
}
