import type { ParamProblem, Params } from './endpoint.ts'

/**
 * Types of information that a scene requires: all of them, each once, with exactly these names. (商家转账: 场景报备信息) Scenes
 * that are not listed are not checked.
 */
export const TRANSFER_SCENES: Readonly<
  Record<string, { reports: readonly string[]; perceptions?: readonly string[] }>
> = {
  '1000': { reports: ['活动名称', '奖励说明'] },
  '1002': { reports: ['补贴类型'], perceptions: ['行政补贴', '行政奖励'] },
  '1004': { reports: ['保险产品备案编号', '保险名称', '保险操作单号'], perceptions: ['保险理赔款'] },
  '1005': { reports: ['岗位类型', '报酬说明'] },
  '1009': { reports: ['采购商品名称'] },
  '1010': { reports: ['回收商品名称'], perceptions: ['二手回收货款'] },
  '1011': { reports: ['赔付原因'], perceptions: ['退款', '商家赔付'] },
  '1013': { reports: ['公益活动名称', '公益活动备案编号'] }
}

/** From this amount on, the name of the recipient is required. (发起转账: user_name) */
const NAME_REQUIRED_FROM_FEN = 200_000

/** Checks the name and the information about the scene, without which the platform refuses with PARAM_ERROR. */
export function checkTransfer(params: Params): ParamProblem | undefined {
  if (Number(params.transfer_amount) >= NAME_REQUIRED_FROM_FEN && !params.user_name) {
    return { field: 'user_name', problem: 'is required from 200000 fen (2000 yuan) on' }
  }
  const { transfer_scene_id: id, transfer_scene_report_infos: infos, user_recv_perception: perception } = params
  const scene = typeof id === 'string' && Object.hasOwn(TRANSFER_SCENES, id) ? TRANSFER_SCENES[id] : undefined
  if (!scene || !Array.isArray(infos)) return undefined
  const types = infos.map((info: { info_type?: unknown }) => String(info?.info_type))
  const isComplete = types.length === scene.reports.length && scene.reports.every((type) => types.includes(type))
  if (!isComplete) {
    const problem = `of scene ${id} must have exactly the types ${scene.reports.join(', ')}, each once`
    return { field: 'transfer_scene_report_infos', problem }
  }
  if (typeof perception === 'string' && scene.perceptions && !scene.perceptions.includes(perception)) {
    const problem = `of scene ${id} must be one of ${scene.perceptions.join(', ')}`
    return { field: 'user_recv_perception', problem }
  }
  return undefined
}
