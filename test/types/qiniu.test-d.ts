import { expectTypeOf, it } from 'vitest'
import type { OfficialAccount } from 'weixin-kit/mp'
import {
  type BatchOperation,
  type ListedObject,
  type MediaSource,
  type ObjectInfo,
  type PutPolicy,
  Qiniu,
  type UploadResult,
  type UploadSource
} from 'weixin-kit/qiniu'

const qiniu = new Qiniu({ accessKey: 'ak', secretKey: 'sk', bucket: 'photos' })

it('options', () => {
  // @ts-expect-error bucket is missing
  new Qiniu({ accessKey: 'ak', secretKey: 'sk' })
})

it('policies', () => {
  expectTypeOf(qiniu.uploadToken).parameter(0).toEqualTypeOf<PutPolicy | undefined>()
  expectTypeOf(qiniu.uploadToken()).toEqualTypeOf<string>()
  // @ts-expect-error no such field
  qiniu.uploadToken({ fsizelimit: 1 })
  // @ts-expect-error a number, not a text
  qiniu.uploadToken({ deadline: '1' })
  // @ts-expect-error 0 to 4
  qiniu.uploadToken({ fileType: 5 })
  // @ts-expect-error the scope follows from the key
  qiniu.upload(new Uint8Array(1), { policy: { scope: 'photos' } })
})

it('URLs are URLs', () => {
  expectTypeOf(qiniu.privateUrl('a')).toEqualTypeOf<URL>()
  expectTypeOf(qiniu.publicUrl('a')).toEqualTypeOf<URL>()
})

it('uploads', () => {
  expectTypeOf(qiniu.upload).parameter(0).toEqualTypeOf<UploadSource>()
  expectTypeOf(qiniu.upload).returns.resolves.toEqualTypeOf<UploadResult>()
  // @ts-expect-error text must be encoded first
  qiniu.upload('text')
  // @ts-expect-error custom variables begin with x:
  qiniu.upload(new Uint8Array(1), { variables: { name: '1' } })
  // The shape of the products' media, without an import between them.
  expectTypeOf<OfficialAccount['media']>().toExtend<MediaSource>()
})

it('objects', () => {
  expectTypeOf(qiniu.objects.stat).returns.resolves.toEqualTypeOf<ObjectInfo>()
  expectTypeOf<ObjectInfo['putTime']>().toEqualTypeOf<string>()
  expectTypeOf(qiniu.objects.list()).toExtend<AsyncIterable<ListedObject>>()
  // @ts-expect-error copy needs a target
  const operation: BatchOperation = { op: 'copy', from: 'a' }
  expectTypeOf(operation).not.toBeAny()
})
