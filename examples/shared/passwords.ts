import { hash, verify } from '@node-rs/argon2'

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

/** Whether a password has so many characters, as people count them. */
export function hasLength(password: string, shortest: number, longest: number): boolean {
  const { length } = [...password]
  return length >= shortest && length <= longest
}
