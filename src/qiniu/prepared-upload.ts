/** An upload with checked parameters and a token. */
export interface PreparedUpload {
  operation: string
  token: string
  bucket: string
  key: string | undefined
  fileName: string
  mimeType: string
  variables: Readonly<Record<string, string>>
  metadata: Readonly<Record<string, string>>
  /** `false` if a callback makes the response, whose `hash` may be anything. */
  isResponseOfQiniu: boolean
  /** Neither a key nor `saveKey`: the object is named by its hash. */
  isNamedByHash: boolean
}
