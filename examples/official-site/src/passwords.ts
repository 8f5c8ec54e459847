import { hash, verify } from '@node-rs/argon2'

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

/** Whether a password has from 6 to 64 characters. */
export function hasPasswordLength(password: string): boolean {
  const { length } = [...password]
  return length >= SHORTEST && length <= LONGEST
}
