/**
 * What an upload token permits: the put policy (上传策略) with Qiniu's names, and a few of our own that the client fills
 * in. Source: Qiniu, "Put Policy".
 */
export interface PutPolicy {
  /** Ours: the object's key. With it the upload may overwrite (unless `insertOnly` is set), without it only insert. */
  key?: string | undefined
  /** Ours: another bucket of the account; default: the client's. */
  bucket?: string | undefined
  /** Ours: TTL of the token in seconds, default 3600. Qiniu checks it when the upload completes. */
  expiresInSeconds?: number | undefined
  /** `bucket`, `bucket:key` or, with `isPrefixalScope`, `bucket:prefix`; in place of `bucket` and `key`. */
  scope?: string | undefined
  /** Expiry of the token in seconds since 1970 (not milliseconds); in place of `expiresInSeconds`. */
  deadline?: number | undefined
  /** 1: the key of the scope is a prefix; nothing can be overwritten. */
  isPrefixalScope?: 0 | 1 | undefined
  /** 1: never overwrite; respond 614 instead. */
  insertOnly?: 0 | 1 | undefined
  endUser?: string | undefined
  /** URL to which the browser is redirected (303) with `upload_ret`. Not together with `callbackUrl`. */
  returnUrl?: string | undefined
  /** Response to the uploader: JSON with magic variables such as `$(key)`. */
  returnBody?: string | undefined
  /** URL to which Qiniu reports the upload; several, separated by `;`, are tried in order. Needs `callbackBody`. */
  callbackUrl?: string | undefined
  callbackHost?: string | undefined
  /** Form or JSON with magic variables. */
  callbackBody?: string | undefined
  /** Default: the form type. With JSON a callback of the QBox scheme does not cover the body and is refused. */
  callbackBodyType?: 'application/x-www-form-urlencoded' | 'application/json' | undefined
  /** 1: the response to the callback determines the object's key. */
  callbackFetchKey?: 0 | 1 | undefined
  /** Commands to run after the upload, separated by `;`. */
  persistentOps?: string | undefined
  persistentNotifyUrl?: string | undefined
  persistentPipeline?: string | undefined
  /** 1: idle-time task. */
  persistentType?: 0 | 1 | undefined
  /** In place of `persistentOps`. */
  persistentWorkflowTemplateID?: string | undefined
  /** Name with magic variables, used if the uploader sends no key. */
  saveKey?: string | undefined
  /** `true`: `saveKey` takes precedence over the uploader's key. */
  forceSaveKey?: boolean | undefined
  /** Bytes. */
  fsizeMin?: number | undefined
  /** Bytes. */
  fsizeLimit?: number | undefined
  /** 1: Qiniu detects the type; 0: the client's takes precedence; -1: only the client's. */
  detectMime?: -1 | 0 | 1 | undefined
  /** For example `image/*`, `image/jpeg;image/png` or `!application/json`. */
  mimeLimit?: string | undefined
  /** 0 standard, 1 infrequent access, 2 archive, 3 deep archive, 4 archive with direct read. */
  fileType?: 0 | 1 | 2 | 3 | 4 | undefined
  deleteAfterDays?: number | undefined
  /** Bit/s, 819 200 to 838 860 800. */
  trafficLimit?: number | undefined
}
