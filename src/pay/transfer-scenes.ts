/**
 * Types of information that a scene prescribes; all of them, each once, in exactly these words. (商家转账: 场景报备信息)
 * A scene that is not listed passes.
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
