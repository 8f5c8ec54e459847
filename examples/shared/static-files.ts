import { readdirSync, readFileSync } from 'node:fs'
import { extname } from 'node:path'

const TYPES: Readonly<Record<string, string>> = { '.svg': 'image/svg+xml', '.png': 'image/png', '.jpg': 'image/jpeg' }

/** Reads the pictures of a folder by their path in it, and nothing else. */
export function staticPictures(folder: URL): (path: string) => Uint8Array | undefined {
  const files = new Set(readdirSync(folder, { recursive: true, withFileTypes: false }).map(String))
  return (path) => (files.has(path) && extname(path) in TYPES ? readFileSync(new URL(path, folder)) : undefined)
}

/** Headers of a picture. An SVG that is opened by itself runs nothing. */
export const pictureHeaders = (path: string) => ({
  'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
  'cache-control': 'max-age=86400',
  'content-security-policy': 'sandbox'
})
