import type { MerchantAccount } from '../../framework/accounts.ts'
import type { Exchange } from '../../framework/exchange.ts'
import type { PayWorld } from '../world.ts'
import type { Json, ObjectShape } from './shape.ts'

/** A verified call. */
export interface V3Call {
  readonly exchange: Exchange
  readonly world: PayWorld
  readonly merchant: MerchantAccount
  readonly params: Readonly<Record<string, string>>
  readonly query: Json
  /** Checked, with its secrets decrypted. */
  readonly body: Json
  /** The body as it came, for a comparison with an earlier call. */
  readonly rawBody: Json
  /** A user has agreed beforehand in another way than by a permission. */
  readonly isGranted?: true | undefined
  /** The file of an upload. */
  readonly file?: UploadedFile | undefined
}

export interface UploadedFile {
  readonly name: string
  readonly bytes: Uint8Array
}

/** JSON for a 200, `undefined` for a 204, a `Response` for anything else. */
export type V3Result = object | undefined

export interface V3Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH'
  readonly path: string
  readonly body?: ObjectShape
  readonly query?: ObjectShape
  /** Field of body or query that has to be the merchant who signs. */
  readonly self?: 'mchid' | 'sp_mchid' | 'combine_mchid' | 'stock_creator_mchid'
  /** Multipart: the JSON of the part `meta` is what is signed. */
  readonly isUpload?: boolean
  /** A file: no signature in the response. */
  readonly isDownload?: boolean
  readonly run: (call: V3Call) => V3Result | Promise<V3Result>
}

type Parts = Omit<V3Route, 'method' | 'path' | 'run'>

export const get = (path: string, parts: Parts, run: V3Route['run']): V3Route => ({
  method: 'GET',
  path,
  ...parts,
  run
})
export const patch = (path: string, parts: Parts, run: V3Route['run']): V3Route => ({
  method: 'PATCH',
  path,
  ...parts,
  run
})
export const post = (path: string, parts: Parts, run: V3Route['run']): V3Route => ({
  method: 'POST',
  path,
  ...parts,
  run
})
