import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createTrustStore } from '../simulator/crypto/pkcs12.ts'
import {
  createServerAuthority,
  permittedNames,
  readServerAuthority,
  type ServerAuthority
} from '../simulator/crypto/server-authority.ts'

/**
 * The passphrase of a trust store protects nothing, because it holds a public certificate. Java requires six
 * characters.
 */
export const TRUST_STORE_PASSPHRASE = 'changeit'
/** Renewed before it expires, so that it does not expire during a long run. */
const RENEW_BEFORE_MS = 7 * 86_400_000

/** The certificate authority that this machine can trust, and its files. */
export interface AuthorityFile {
  readonly authority: ServerAuthority
  /** PEM of the certificate; `undefined` if nothing could be written. */
  readonly path: string | undefined
  /** The same as PKCS#12, for Java. */
  readonly trustStore: string | undefined
  /** Remarks for the user, one line each. */
  readonly lines: readonly string[]
}

/**
 * Reads the authority of this machine, or creates and stores one. The key is readable only by its owner.
 *
 * @param path PEM file of the certificate; the key is stored next to it.
 * @param hosts The hosts that are served. If the stored authority does not cover one of them, a new one is created.
 */
export function keepAuthority(path: string, hosts: readonly string[], nowMs: number = Date.now()): AuthorityFile {
  const base = path.replace(/\.(?:pem|crt|cer)$/i, '')
  const files = { key: `${base}.key`, hosts: `${base}.hosts`, trustStore: `${base}.p12` }
  const kept = readKept(path, files)
  const missing = permittedNames(hosts).filter((name) => !kept?.names.includes(name))
  const isFresh = kept !== undefined && Date.parse(kept.authority.certificate.validTo) - nowMs > RENEW_BEFORE_MS
  if (kept && isFresh && missing.length === 0) {
    return { authority: kept.authority, path, trustStore: files.trustStore, lines: [] }
  }
  const names = [...new Set([...permittedNames(hosts), ...(kept?.names ?? [])])]
  const authority = createServerAuthority(names, nowMs)
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const pem = authority.certificate.toString()
    write(files.key, String(authority.key.export({ type: 'pkcs8', format: 'pem' })), 0o600)
    write(
      files.trustStore,
      createTrustStore(authority.certificate, TRUST_STORE_PASSPHRASE, 'weixin-kit simulator'),
      0o644
    )
    write(files.hosts, `${names.join('\n')}\n`, 0o644)
    write(path, pem, 0o644)
  } catch (error) {
    const { code = String(error) } = error as { code?: string }
    const line = `the certificate authority is in memory, because ${dirname(path)} cannot be written (${code}); use --ca-file to choose another place`
    return { authority, path: undefined, trustStore: undefined, lines: [line] }
  }
  const reason = !kept
    ? 'new'
    : isFresh
      ? `renewed, it now covers ${missing.join(', ')}`
      : 'renewed, the old one is a year old'
  return {
    authority,
    path,
    trustStore: files.trustStore,
    lines: [`certificate authority: ${reason} (${path}); programs that trusted the old one must trust this one`]
  }
}

/** The default path on this machine. */
export function authorityPath(folder: string): string {
  return join(folder, 'simulator-ca.pem')
}

function readKept(
  path: string,
  files: { key: string; hosts: string }
): { authority: ServerAuthority; names: readonly string[] } | undefined {
  try {
    const authority = readServerAuthority(readFileSync(files.key, 'utf8'), readFileSync(path, 'utf8'))
    return authority && { authority, names: readFileSync(files.hosts, 'utf8').split('\n').filter(Boolean) }
  } catch {
    return undefined
  }
}

/** A process that dies while writing must not leave a partial file, and another one may be writing the same file. */
function write(path: string, content: string | Buffer, mode: number): void {
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, content, { mode })
  renameSync(draft, path)
}
