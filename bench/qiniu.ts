import { createHmac } from 'node:crypto'
import official from 'qiniu'
import { Qiniu } from '../src/qiniu/index.ts'
import type { BenchCase } from './case.ts'

const ACCESS_KEY = 'MY_ACCESS_KEY'
const SECRET_KEY = 'MY_SECRET_KEY_OF_FORTY_CHARACTERS_LENGTH'
const RETURN_BODY = '{"name":$(fname),"size":$(fsize),"w":$(imageInfo.width),"h":$(imageInfo.height),"hash":$(etag)}'

const qiniu = new Qiniu({ accessKey: ACCESS_KEY, secretKey: SECRET_KEY, bucket: 'my-bucket' })
const mac = new official.auth.digest.Mac(ACCESS_KEY, SECRET_KEY)
let count = 0

const urlSafe = (base64: string) => base64.replace(/\+/g, '-').replace(/\//g, '_')

function byHand(): string {
  const policy = {
    scope: `my-bucket:photos/${count++}.jpg`,
    deadline: Math.floor(Date.now() / 1000) + 3600,
    returnBody: RETURN_BODY,
    fsizeLimit: 2_000_000
  }
  const encoded = urlSafe(Buffer.from(JSON.stringify(policy)).toString('base64'))
  const sign = urlSafe(createHmac('sha1', SECRET_KEY).update(encoded).digest('base64'))
  return `${ACCESS_KEY}:${sign}:${encoded}`
}

const byUs = () => qiniu.uploadToken({ key: `photos/${count++}.jpg`, returnBody: RETURN_BODY, fsizeLimit: 2_000_000 })

function byOfficial(): string {
  const scope = `my-bucket:photos/${count++}.jpg`
  return new official.rs.PutPolicy({ scope, returnBody: RETURN_BODY, fsizeLimit: 2_000_000 }).uploadToken(mac)
}

export const cases: BenchCase[] = [
  { name: 'upload token, against node:crypto by hand', target: 0.85, floor: byHand, ours: byUs },
  { name: 'upload token, against the official package', target: 1, floor: byOfficial, ours: byUs }
]
