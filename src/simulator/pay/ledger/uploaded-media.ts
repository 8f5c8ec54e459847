export interface UploadedMedia {
  readonly id: string
  readonly mchId: string
  readonly name: string
  readonly bytes: Uint8Array
}
