import { createHash } from 'node:crypto'
import type { Sessions } from '../../shared/sessions.ts'
import type { Admin, Admins } from './models/accounts.ts'

/** Sessions of administrators. They carry a mark of the password, so that a new password ends all of them. */
export class AdminSessions {
  readonly #sessions: Sessions
  readonly #admins: Admins

  constructor(sessions: Sessions, admins: Admins) {
    this.#sessions = sessions
    this.#admins = admins
  }

  create(admin: Admin): Promise<string> {
    return this.#sessions.create(`${admin.uuid} ${markOf(admin)}`)
  }

  async find(token: string | undefined): Promise<Admin | undefined> {
    const [uuid, mark] = (await this.#sessions.find(token))?.split(' ') ?? []
    const admin = uuid === undefined ? undefined : await this.#admins.findByUuid(uuid)
    return admin && markOf(admin) === mark ? admin : undefined
  }
}

function markOf(admin: Admin): string {
  return createHash('sha256').update(admin.password_hash).digest('base64url').slice(0, 16)
}
