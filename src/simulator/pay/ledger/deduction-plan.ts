/** How a template deducts (产品形态). */
export interface DeductionPlan {
  /** `immediate`: at once. `delayed`: WeChat tells the user and deducts a day later. `notice`: the merchant has to tell before. */
  mode: 'immediate' | 'delayed' | 'notice'
  /** Largest single deduction, in fen. */
  limit: number
  /** Successful deductions a day, by contract. */
  perDay: number
}
