/** What a mini program is opened with after its code was scanned. */
export interface ScannedCode {
  /** Page without leading slash; empty is the home page. */
  readonly page: string
  /** `scene` of an unlimited code, decoded; for other codes the query of their path. */
  readonly scene: string
}

const MARK = 'weixin-kit:wxacode:'

/** Text that a picture of a mini program code carries, so that it can be read back. */
export function codeMark(appId: string, page: string, scene: string): string {
  return `${MARK}${Buffer.from(JSON.stringify([appId, page, scene])).toString('base64url')};`
}

/**
 * Reads a code out of a picture, or out of a file that holds the picture: as bytes, or as a data URL.
 *
 * @throws Error when there is none: a picture that was drawn anew pixel by pixel has lost it.
 */
export function readCode(picture: Uint8Array | string): ScannedCode & { readonly appId: string } {
  const bytes =
    typeof picture === 'string' ? Buffer.from(picture.replace(/^data:[^,]*,/, ''), 'base64') : Buffer.from(picture)
  const found = find(bytes.toString('latin1'))
  if (found === undefined) {
    throw new Error(
      'There is no mini program code of this simulator in the picture: pass on the bytes that WeChat sent.'
    )
  }
  const [appId, page, scene] = JSON.parse(Buffer.from(found, 'base64url').toString()) as [string, string, string]
  return { appId, page, scene }
}

function find(text: string): string | undefined {
  const mark = new RegExp(`${MARK}([\\w-]+);`)
  const direct = mark.exec(text)?.[1]
  if (direct !== undefined) return direct
  // An SVG, an HTML page or a JSON body holds a picture as a data URL.
  for (const [, inner = ''] of text.matchAll(/data:image\/[\w+.-]+;base64,([A-Za-z0-9+/=]+)/g)) {
    const within = mark.exec(Buffer.from(inner, 'base64').toString('latin1'))?.[1]
    if (within !== undefined) return within
  }
  return undefined
}
