import { hasLength } from '../../shared/passwords.ts'

/** What the document asks of a password: 6 to 64 characters. */
export function hasPasswordLength(password: string): boolean {
  return hasLength(password, 6, 64)
}
