import { hash, verify } from '@node-rs/argon2'

/** Argon2id with the library's recommended cost. */
export function hashPassword(password: string): Promise<string> {
  return hash(password)
}

/** Whether it is the password. Without a hash it takes the same time, so that an unknown name is not known by a faster response. */
export async function isPassword(passwordHash: string | null | undefined, password: string): Promise<boolean> {
  if (passwordHash) return verify(passwordHash, password)
  await hash(password)
  return false
}

/** Whether a password has so many characters, as people count them. */
export function hasLength(password: string, shortest: number, longest: number): boolean {
  const { length } = [...password]
  return length >= shortest && length <= longest
}
