import { hash, verify } from '@node-rs/argon2'
import { AppError } from './error-codes.ts'

const SHORTEST = 6
const LONGEST = 64

/** Argon2id with the library's recommended cost. */
export function hashPassword(password: string): Promise<string> {
  return hash(password)
}

export async function isPassword(passwordHash: string, password: string): Promise<boolean> {
  return verify(passwordHash, password)
}

/** Takes the time of a real check, so that an unknown name cannot be told by a faster answer. */
export async function wastePasswordCheck(password: string): Promise<void> {
  await hash(password)
}

/** @throws {AppError} 1405 when the password has fewer than 6 or more than 64 characters. */
export function assertPasswordLength(password: string): void {
  const { length } = [...password]
  if (length < SHORTEST || length > LONGEST) throw new AppError(1405)
}
