import { V3Failure } from '../failures.ts'
import { type Json, str } from './shape.ts'

interface Scene {
  readonly infos: readonly string[]
  /** What the user may be told to receive; absent where the document read has no list. */
  readonly perceptions?: readonly string[]
}

/** 转账场景: every info type has to be reported, once and under exactly this name. */
const SCENES: ReadonlyMap<string, Scene> = new Map(
  Object.entries({
    '1000': { infos: ['活动名称', '奖励说明'] },
    '1002': { infos: ['补贴类型'], perceptions: ['行政补贴', '行政奖励'] },
    '1004': { infos: ['保险产品备案编号', '保险名称', '保险操作单号'], perceptions: ['保险理赔款'] },
    '1005': { infos: ['岗位类型', '报酬说明'] },
    '1006': { infos: [] },
    '1009': { infos: ['采购商品名称'] },
    '1010': { infos: ['回收商品名称'], perceptions: ['二手回收货款'] },
    '1011': { infos: ['赔付原因'], perceptions: ['退款', '商家赔付'] },
    '1013': { infos: ['公益活动名称', '公益活动备案编号'] }
  })
)

export function checkScene(body: Json): void {
  const scene = SCENES.get(str(body, 'transfer_scene_id'))
  if (!scene) throw new V3Failure(400, 'INVALID_REQUEST', '你尚未获取该转账场景')
  const infos = body.transfer_scene_report_infos as Json[]
  const types = infos.map((info) => str(info, 'info_type'))
  const isComplete =
    types.length === new Set(types).size &&
    scene.infos.every((type) => types.includes(type)) &&
    (scene.infos.length === 0 || types.length === scene.infos.length)
  if (!isComplete) {
    throw new V3Failure(400, 'PARAM_ERROR', `转账场景报备信息不正确，该场景应且仅应包含：${scene.infos.join('、')}`, {
      location: 'body',
      value: types.join(',')
    })
  }
  const perception = str(body, 'user_recv_perception')
  if (perception && scene.perceptions && !scene.perceptions.includes(perception)) {
    throw new V3Failure(400, 'INVALID_REQUEST', '暂不支持展示当前传入的用户收款感知')
  }
}
