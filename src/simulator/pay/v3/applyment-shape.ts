import { flag, list, type ObjectShape, object, oneOf, opt, secret, text, unread } from './shape.ts'

const MEDIA = text(0, 256)
const DAY = text(2, 10, /^(\d{4}-\d{2}-\d{2}|长期)$/)
const PICTURES = opt(list(MEDIA, 20))

const CONTACT = object({
  contact_type: oneOf('LEGAL', 'SUPER'),
  contact_name: secret(),
  contact_id_doc_type: opt(text(0, 64)),
  contact_id_number: opt(secret()),
  contact_id_doc_copy: opt(MEDIA),
  contact_id_doc_copy_back: opt(MEDIA),
  contact_period_begin: opt(DAY),
  contact_period_end: opt(DAY),
  business_authorization_letter: opt(MEDIA),
  openid: opt(text(0, 128)),
  mobile_phone: secret(),
  contact_email: secret()
})
const LICENSE = object({
  license_copy: MEDIA,
  license_number: text(0, 32),
  merchant_name: text(0, 128),
  legal_person: text(0, 64),
  license_address: opt(text(0, 128)),
  period_begin: opt(DAY),
  period_end: opt(DAY)
})
const CERTIFICATE = object({
  cert_copy: MEDIA,
  cert_type: text(0, 64),
  cert_number: text(0, 32),
  merchant_name: text(0, 128),
  company_address: text(0, 128),
  legal_person: text(0, 64),
  period_begin: DAY,
  period_end: DAY
})
const IDENTITY = object({
  id_holder_type: opt(oneOf('LEGAL', 'SUPER')),
  id_doc_type: opt(text(0, 64)),
  authorize_letter_copy: opt(MEDIA),
  id_card_info: opt(
    object({
      id_card_copy: MEDIA,
      id_card_national: MEDIA,
      id_card_name: secret(),
      id_card_number: secret(),
      id_card_address: opt(secret()),
      card_period_begin: DAY,
      card_period_end: DAY
    })
  ),
  id_doc_info: opt(
    object({
      id_doc_copy: MEDIA,
      id_doc_copy_back: opt(MEDIA),
      id_doc_name: secret(),
      id_doc_number: secret(),
      id_doc_address: opt(secret()),
      doc_period_begin: DAY,
      doc_period_end: DAY
    })
  ),
  owner: opt(flag())
})
const SALES = object({
  sales_scenes_type: list(
    oneOf(
      'SALES_SCENES_STORE',
      'SALES_SCENES_MP',
      'SALES_SCENES_MINI_PROGRAM',
      'SALES_SCENES_WEB',
      'SALES_SCENES_APP',
      'SALES_SCENES_WEWORK'
    ),
    6,
    1
  ),
  mini_program_info: opt(
    object({
      mini_program_appid: opt(text(0, 32)),
      mini_program_sub_appid: opt(text(0, 32)),
      mini_program_pics: PICTURES
    })
  ),
  mp_info: opt(object({ mp_appid: opt(text(0, 32)), mp_sub_appid: opt(text(0, 32)), mp_pics: PICTURES })),
  ...unread('biz_store_info', 'app_info', 'web_info', 'wework_info')
})

/** 提交申请单: personal data encrypted, pictures by their media_id. Empty texts pass here: of them the platform says 系统繁忙. */
export const APPLYMENT: ObjectShape = object({
  business_code: text(0, 124),
  contact_info: CONTACT,
  subject_info: object({
    subject_type: oneOf(
      'SUBJECT_TYPE_INDIVIDUAL',
      'SUBJECT_TYPE_ENTERPRISE',
      'SUBJECT_TYPE_INSTITUTIONS',
      'SUBJECT_TYPE_OTHERS',
      'SUBJECT_TYPE_GOVERNMENT'
    ),
    finance_institution: opt(flag()),
    business_license_info: opt(LICENSE),
    certificate_info: opt(CERTIFICATE),
    organization_info: opt(
      object({
        organization_copy: MEDIA,
        organization_code: text(0, 64),
        org_period_begin: DAY,
        org_period_end: DAY
      })
    ),
    identity_info: IDENTITY,
    ...unread('finance_institution_info', 'certificate_letter_copy', 'ubo_info_list')
  }),
  business_info: object({ merchant_shortname: text(0, 64), service_phone: text(0, 32), sales_info: SALES }),
  settlement_info: object({
    settlement_id: opt(text(0, 8)),
    qualification_type: opt(text(0, 64)),
    qualifications: PICTURES,
    ...unread(
      'activities_id',
      'activities_rate',
      'debit_activities_rate',
      'credit_activities_rate',
      'activities_additions'
    )
  }),
  bank_account_info: object({
    bank_account_type: oneOf('BANK_ACCOUNT_TYPE_CORPORATE', 'BANK_ACCOUNT_TYPE_PERSONAL'),
    account_name: secret(),
    account_bank: text(0, 128),
    bank_address_code: text(0, 20),
    bank_name: opt(text(0, 128)),
    bank_branch_id: opt(text(0, 64)),
    account_number: secret()
  }),
  addition_info: opt(
    object({
      legal_person_commitment: opt(MEDIA),
      legal_person_video: opt(MEDIA),
      business_addition_pics: PICTURES,
      business_addition_msg: opt(text(0, 512))
    })
  )
})
