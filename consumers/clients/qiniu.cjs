// urllib 2 and agents of its own; the regions come from the host of the bucket service.
const qiniu = require('qiniu')
const { number, steer } = require('./world.cjs')

const { QINIU_ACCESS_KEY, QINIU_SECRET_KEY, QINIU_BUCKET: bucket } = process.env

module.exports = async () => {
  const mac = new qiniu.auth.digest.Mac(QINIU_ACCESS_KEY, QINIU_SECRET_KEY)
  const config = new qiniu.conf.Config({ useHttpsDomain: true, regionsQueryResultCachePath: null })
  const uploader = new qiniu.form_up.FormUploader(config)
  const manager = new qiniu.rs.BucketManager(mac, config)
  const tokenOf = (owner) => new qiniu.rs.PutPolicy({ scope: bucket }).uploadToken(owner)
  const stranger = new qiniu.auth.digest.Mac(QINIU_ACCESS_KEY, 'wrong')
  const put = (token, key) => uploader.put(token, key, Buffer.from('hello'))
  const [key, copy] = Array.from({ length: 2 }, number)
  return [
    ['upload', async () => (await put(tokenOf(mac), key)).data.key, key],
    ['hash of the object', async () => (await steer('qiniu/object', key)).hash, 'Fqr0xh3cxeii2r7eDztILNmuqUNN'],
    ['stat', async () => (await manager.stat(bucket, key)).data.fsize, 5],
    ['copy', async () => (await manager.copy(bucket, key, bucket, copy, {})).resp.statusCode, 200],
    ['list', async () => (await manager.listPrefix(bucket, { prefix: copy })).data.items[0].key, copy],
    ['delete', async () => (await manager.delete(bucket, copy)).resp.statusCode, 200],
    ['delete again', async () => (await manager.delete(bucket, copy)).resp.statusCode, 612],
    ['buckets', async () => (await manager.listBucket()).data[0], bucket],
    ['token of another key', async () => (await put(tokenOf(stranger), key)).data.error, 'bad token']
  ]
}
