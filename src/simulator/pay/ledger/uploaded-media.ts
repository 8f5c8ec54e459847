export interface UploadedMedia {
  readonly id: string
  readonly mchId: string
  readonly name: string
  readonly base64: string
}
