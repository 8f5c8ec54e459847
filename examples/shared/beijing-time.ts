const OFFSET_MS = 8 * 3600_000

/** `2026-01-31 08:00:00` in Beijing, where there is no summer time. */
export function beijingTime(date: Date): string {
  return new Date(date.getTime() + OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ')
}
