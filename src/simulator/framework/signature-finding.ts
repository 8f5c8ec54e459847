/** What had to be signed, and what the caller signed instead, as far as it can be found out. */
export interface SignatureFinding {
  readonly algorithm: string
  /** The text that the signature has to be made over. A key that belongs to it is left out. */
  readonly expectedText: string
  /** The text that the caller signed, where one of the usual mistakes explains the signature. */
  readonly signedText?: string | undefined
  /** The signature that would fit, where it can be computed without the key of the caller. */
  readonly expected?: string | undefined
  readonly given: string
  /** What to change. */
  readonly mistake?: { readonly en: string; readonly zh: string } | undefined
  /** How many usual mistakes were tried. */
  readonly compared: number
}
