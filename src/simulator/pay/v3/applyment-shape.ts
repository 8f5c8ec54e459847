import { flag, list, type ObjectShape, object, oneOf, opt, secret, text } from './shape.ts'

const MEDIA = text(1, 256)
const DAY = text(2, 10, /^(\d{4}-\d{2}-\d{2}|长期)$/)
const PICTURES = opt(list(MEDIA, 20))

const CONTACT = object({
  contact_type: oneOf('LEGAL', 'SUPER'),
  contact_name: secret(),
  contact_id_doc_type: opt(text(1, 64)),
  contact_id_number: opt(secret()),
  contact_id_doc_copy: opt(MEDIA),
  contact_id_doc_copy_back: opt(MEDIA),
  contact_period_begin: opt(DAY),
  contact_period_end: opt(DAY),
  business_authorization_letter: opt(MEDIA),
  openid: opt(text(1, 128)),
  mobile_phone: secret(),
  contact_email: secret()
})
const LICENSE = object({
  license_copy: MEDIA,
  license_number: text(1, 32),
  merchant_name: text(1, 128),
  legal_person: text(1, 64),
  license_address: opt(text(1, 128)),
  period_begin: opt(DAY),
  period_end: opt(DAY)
})
const IDENTITY = object({
  id_holder_type: opt(oneOf('LEGAL', 'SUPER')),
  id_doc_type: opt(text(1, 64)),
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
      mini_program_appid: opt(text(1, 32)),
      mini_program_sub_appid: opt(text(1, 32)),
      mini_program_pics: PICTURES
    })
  ),
  mp_info: opt(object({ mp_appid: opt(text(1, 32)), mp_sub_appid: opt(text(1, 32)), mp_pics: PICTURES }))
})

/** 提交申请单: personal data encrypted, pictures by their media_id. */
export const APPLYMENT: ObjectShape = object({
  business_code: text(1, 124),
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
    business_license_info: LICENSE,
    organization_info: opt(
      object({
        organization_copy: MEDIA,
        organization_code: text(1, 64),
        org_period_begin: DAY,
        org_period_end: DAY
      })
    ),
    identity_info: IDENTITY
  }),
  business_info: object({ merchant_shortname: text(1, 64), service_phone: text(1, 32), sales_info: SALES }),
  settlement_info: object({
    settlement_id: opt(text(1, 8)),
    qualification_type: opt(text(1, 64)),
    qualifications: PICTURES
  }),
  bank_account_info: object({
    bank_account_type: oneOf('BANK_ACCOUNT_TYPE_CORPORATE', 'BANK_ACCOUNT_TYPE_PERSONAL'),
    account_name: secret(),
    account_bank: text(1, 128),
    bank_address_code: text(1, 20),
    bank_name: opt(text(1, 128)),
    bank_branch_id: opt(text(1, 64)),
    account_number: secret()
  }),
  addition_info: opt(
    object({
      legal_person_commitment: opt(MEDIA),
      legal_person_video: opt(MEDIA),
      business_addition_pics: PICTURES,
      business_addition_msg: opt(text(1, 512))
    })
  )
})
