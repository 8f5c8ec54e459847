import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { MerchantAccount } from '../../framework/accounts.ts'
import { BoundedMap } from '../../framework/bounded-map.ts'
import type { SimulatorContext } from '../../framework/context.ts'
import type { Exchange } from '../../framework/exchange.ts'
import { V3Failure } from '../failures.ts'
import { MINUTE_MS } from '../times.ts'

const LIFE_MS = 5 * MINUTE_MS
export const DOWNLOAD_PATH = '/v3/billdownload/file'

interface File {
  readonly mchId: string
  readonly bytes: Uint8Array
  readonly type: string
  readonly until: number
}

interface Asker {
  readonly merchant: Pick<MerchantAccount, 'mchId'>
  readonly exchange: Exchange
}

interface OfferOptions {
  readonly gzip: boolean
  readonly hash: 'sha1' | 'sha256'
  readonly type: string
  /** What the hash is over when the file is encrypted. */
  readonly hashOf?: Uint8Array | undefined
}

/** Files behind a `download_url`: for five minutes, and for the merchant who asked. */
export class Downloads {
  readonly #files: BoundedMap<string, File>
  readonly #context: SimulatorContext

  constructor(context: SimulatorContext) {
    this.#context = context
    // Few: bills are large and live for minutes.
    this.#files = new BoundedMap(10)
  }

  /** Publishes a file; the hash is over what it is before compression. */
  offer({ merchant, exchange }: Asker, content: Uint8Array, options: OfferOptions) {
    const token = this.#context.random.text(40)
    const bytes = options.gzip ? gzipSync(content) : content
    const until = this.#context.clock.now() + LIFE_MS
    this.#files.set(token, {
      mchId: merchant.mchId,
      bytes,
      type: options.gzip ? 'application/gzip' : options.type,
      until
    })
    return {
      hash_type: options.hash.toUpperCase(),
      hash_value: createHash(options.hash)
        .update(options.hashOf ?? content)
        .digest('hex'),
      download_url: exchange.publicUrl(`https://api.mch.weixin.qq.com${DOWNLOAD_PATH}?token=${token}`)
    }
  }

  read(mchId: string, token: string): Response {
    const file = this.#files.get(token)
    if (!file || file.mchId !== mchId || file.until <= this.#context.clock.now()) {
      throw new V3Failure(404, 'RESOURCE_NOT_EXISTS', '文件不存在或下载地址已过期')
    }
    return new Response(new Uint8Array(file.bytes), { headers: { 'content-type': file.type } })
  }
}
