/** Errcodes that refuse the access token itself. */
export const TOKEN_ERRCODES: readonly number[] = [40001, 40014, 42001]

/** The access token was refused before anything was executed: one retry with a new token is safe. */
export function isTokenErrcode(errcode: number): boolean {
  return TOKEN_ERRCODES.includes(errcode)
}
