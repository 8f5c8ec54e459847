import { type CardHarness, type Party, type Person, Q, X } from './harness.ts'

export interface Cast {
  customer: Person
  admin: Party
}

/** An interface of the document: a right call, and which of its fields have to be there. */
export interface Row {
  no: number
  method: 'GET' | 'POST'
  path: string
  by: 'customer' | 'admin'
  /** A right call. `open` data is made for each. */
  fields(cast: Cast, harness: CardHarness): Record<string, unknown>
  required: readonly string[]
  /** A value of another type, by field. */
  wrong?: Readonly<Record<string, unknown>>
  /** The field that names somebody or something, with one of another company. */
  foreign?: readonly [name: string, value: number]
  msg: string
  /** Keys of `data`, or of its first element; `undefined` for no keys. */
  keys?: readonly string[]
  /** The object in `data` that has the keys. */
  at?(data: never): object | undefined
}

const UID = { required: ['uid'], wrong: { uid: 'x' }, foreign: ['uid', 3] } as const
const PERSON = ['id', 'username', 'avatar', 'company', 'position', 'email', 'mingpian_phone', 'create_date']
const PRODUCT = [
  'id',
  'name',
  'price',
  'user_avatar',
  'reason',
  'publisher_date',
  'content',
  'create_date',
  'status',
  'status_code'
]
const first = (data: { ret_data: object[] }) => data.ret_data[0]
const withUid = () => ({ uid: 1 })

const card = (no: number, path: string): Row => ({
  no,
  method: 'GET',
  path: `${X}/mingpian/${path}`,
  by: 'customer',
  fields: withUid,
  ...UID,
  msg: '记录日志成功',
  keys: []
})
const product = (no: number, path: string, msg: string): Row => ({
  no,
  method: 'GET',
  path: `${X}/product/${path}/`,
  by: 'customer',
  fields: () => ({ uid: 1, product_id: 1 }),
  required: ['uid', 'product_id'],
  wrong: { uid: '0', product_id: '1.5' },
  foreign: ['product_id', 4],
  msg,
  keys: []
})
const classes = { classificationName: '新品', goodsNum: 1 }

/** All but the login (1), which nobody signs. */
export const TABLE: Row[] = [
  {
    no: 2,
    method: 'GET',
    path: `${X}/login/binding`,
    by: 'customer',
    fields: () => ({ user_type: 2, source: 1, uid: 1, pid: '' }),
    required: ['user_type', 'source', 'uid'],
    wrong: { user_type: 1, source: 3, uid: '-1', pid: 'x' },
    foreign: ['uid', 3],
    msg: '绑定成功',
    keys: []
  },
  {
    no: 3,
    method: 'POST',
    path: `${X}/login/send_user_info`,
    by: 'customer',
    fields: () => ({ username: '小明', headimgurl: '', city: '', country: '中国', province: '', language: 'zh_CN' }),
    required: ['username', 'headimgurl', 'city', 'country', 'province', 'language'],
    wrong: { username: 5, headimgurl: 'http://insecure.example/a.png', city: 'a\u0000b' },
    msg: '保存成功',
    keys: []
  },
  {
    no: 4,
    method: 'POST',
    path: `${X}/login/send_form_id`,
    by: 'customer',
    fields: () => ({ formId: 'the formId is a mock one' }),
    required: ['formId'],
    wrong: { formId: { a: 1 } },
    msg: '保存成功',
    keys: []
  },
  {
    no: 5,
    method: 'GET',
    path: `${Q}/chat`,
    by: 'customer',
    fields: () => ({ u_id: 1, current_page: 1, length: 20 }),
    required: [],
    wrong: { current_page: 0, length: 101, u_id: 'x' },
    foreign: ['u_id', 3],
    msg: '分页获取聊天消息成功',
    keys: ['id', 'customer_id', 'user_id', 'src', 'name', 'dateTime', 'msg', 'send_type', 'content'],
    at: (data: object[]) => data[0]
  },
  {
    no: 6,
    method: 'POST',
    path: `${Q}/chat/send_msg/0`,
    by: 'customer',
    fields: ({ customer }) => ({
      customer_id: customer.id,
      user_id: 1,
      send_type: 2,
      content: { info_type: 1, msg: '你好' }
    }),
    required: ['customer_id', 'user_id', 'send_type', 'content'],
    wrong: { customer_id: [1], user_id: 'x', send_type: 3, content: 'no JSON' },
    foreign: ['user_id', 3],
    msg: 'send msg successful',
    keys: []
  },
  {
    no: 7,
    method: 'POST',
    path: `${X}/chat/encrypted_phone_number/0`,
    by: 'customer',
    fields: ({ customer: { user } }) => {
      const { encryptedData, iv } = user.encryptedPhone()
      return { u_id: 1, encryptedData, iv }
    },
    required: ['u_id', 'encryptedData', 'iv'],
    wrong: { u_id: 'x', iv: 5 },
    foreign: ['u_id', 3],
    msg: '查询成功',
    keys: []
  },
  {
    no: 8,
    method: 'GET',
    path: `${Q}/chat/getmsg/0`,
    by: 'admin',
    fields: ({ customer }) => ({ customer_id: customer.id }),
    required: ['customer_id'],
    wrong: { customer_id: 'x', wait: 26 },
    msg: '实时获取-最新聊天记录成功'
  },
  {
    no: 9,
    method: 'GET',
    path: `${X}/chat/query_num/0`,
    by: 'customer',
    fields: () => ({ u_id: 1 }),
    required: ['u_id'],
    wrong: { u_id: 'x' },
    foreign: ['u_id', 3],
    msg: '查询成功',
    keys: ['chatinfo_count']
  },
  {
    no: 10,
    method: 'GET',
    path: `${X}/mingpian`,
    by: 'customer',
    fields: withUid,
    ...UID,
    msg: '查询成功',
    keys: [
      ...PERSON,
      'mingpian_avatar',
      'address',
      'wechat',
      'popularity_num',
      'praise_num',
      'forward_num',
      'is_praise',
      'sign',
      'is_sign',
      'sign_num',
      'photo'
    ],
    at: first
  },
  {
    no: 11,
    method: 'GET',
    path: `${X}/mingpian/all`,
    by: 'customer',
    fields: () => ({}),
    required: [],
    msg: '查询成功',
    keys: [...PERSON, 'source'],
    at: first
  },
  card(12, 'calling'),
  card(13, 'save_wechat'),
  card(14, 'praise'),
  card(15, 'forward'),
  { ...card(16, 'up_sign'), keys: ['sign_num', 'is_sign'], at: (data: { ret_data: object }) => data.ret_data },
  {
    ...card(17, 'create_poster'),
    msg: '请求成功',
    keys: ['user_id', 'user_avatar', 'username', 'position', 'mingpian_phone', 'company', 'qr_code_url'],
    at: (data: object[]) => data[0]
  },
  { ...card(18, 'save_poster'), msg: '请求成功', keys: ['user_id', 'poster_url'] },
  { ...product(19, 'product_single', '查询成功'), keys: PRODUCT, at: first },
  {
    no: 20,
    method: 'GET',
    path: `${X}/product/product_list/`,
    by: 'customer',
    fields: withUid,
    ...UID,
    msg: '查询成功',
    keys: [...PRODUCT, 'username', 'position'],
    at: first
  },
  product(21, 'forward_product', '记录转发产品成功'),
  product(22, 'consult_product', '咨询产品成功'),
  {
    no: 23,
    method: 'GET',
    path: `${X}/website`,
    by: 'customer',
    fields: withUid,
    ...UID,
    msg: '',
    keys: ['ret_data', 'data_count']
  },
  {
    no: 24,
    method: 'POST',
    path: `${X}/goodsClassOper/add/0`,
    by: 'admin',
    fields: () => classes,
    required: ['classificationName', 'goodsNum'],
    wrong: { classificationName: 5, goodsNum: -1, parentClassification: 'x' },
    foreign: ['parentClassification', 5],
    msg: '添加成功',
    keys: []
  },
  {
    no: 25,
    method: 'POST',
    path: `${X}/goodsClassOper/update/4`,
    by: 'admin',
    fields: () => ({ ...classes, o_id: 4 }),
    required: ['o_id', 'classificationName', 'goodsNum'],
    wrong: { o_id: 3, goodsNum: 'x' },
    msg: '修改成功',
    keys: []
  },
  {
    no: 26,
    method: 'POST',
    path: `${X}/goodsClassOper/delete/{spare}`,
    by: 'admin',
    fields: () => ({ o_id: '{spare}' }),
    required: ['o_id'],
    wrong: { o_id: 'x' },
    msg: '删除成功',
    keys: []
  },
  {
    no: 27,
    method: 'GET',
    path: `${X}/goodsClassShow`,
    by: 'customer',
    fields: () => ({ singleUser: '' }),
    required: [],
    wrong: { singleUser: 'x' },
    foreign: ['singleUser', 5],
    msg: '查询成功',
    keys: ['name', 'id', 'children'],
    at: (data: object[]) => data[0]
  },
  {
    no: 28,
    method: 'POST',
    path: `${X}/jiChuSheZhiOper/addOrUpdate`,
    by: 'admin',
    fields: () => ({ shangChengName: '商城', shangHuHao: '', shangHuMiYao: '' }),
    required: [],
    wrong: { shangChengName: 5, shangHuHao: '16a', shangHuMiYao: 'short' },
    msg: '修改成功'
  },
  {
    no: 29,
    method: 'POST',
    path: `${X}/yuZhiFu`,
    by: 'customer',
    fields: ({ customer }) => ({ u_id: customer.id, goodsId: 3, xiaochengxu_id: 1 }),
    required: ['u_id', 'goodsId', 'xiaochengxu_id'],
    wrong: { u_id: 'x', goodsId: [3], xiaochengxu_id: {} },
    foreign: ['goodsId', 4],
    msg: '预支付请求成功',
    keys: ['appId', 'timeStamp', 'nonceStr', 'package', 'signType', 'paySign']
  }
]
