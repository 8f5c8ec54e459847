/** An upload whose parameters are checked and whose token is made. */
export interface PreparedUpload {
  operation: string
  token: string
  bucket: string
  key: string | undefined
  fileName: string
  mimeType: string
  variables: Readonly<Record<string, string>>
  metadata: Readonly<Record<string, string>>
  /** `false` when a callback makes the response, whose `hash` may be anything. */
  isResponseOfQiniu: boolean
  /** Neither a key nor `saveKey`: the object is named by its hash. */
  isNamedByHash: boolean
}
