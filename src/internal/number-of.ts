/**
 * A number in a response, which may be sent as text; NaN for everything else. `Number()` throws for an object whose
 * `valueOf` or `toString` is not a function, and turns `null`, `''` and `[]` into 0.
 */
export function numberOf(value: unknown): number {
  if (typeof value === 'number') return value
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
}
