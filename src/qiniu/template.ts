/** Common wrong names, and Qiniu's names for them. */
const MISTAKES: Readonly<Record<string, string>> = {
  hash: 'etag',
  md5: 'etag',
  filename: 'fname',
  name: 'fname',
  size: 'fsize',
  filesize: 'fsize',
  length: 'fsize',
  mime: 'mimeType',
  type: 'mimeType',
  contenttype: 'mimeType',
  width: 'imageInfo.width',
  height: 'imageInfo.height',
  user: 'endUser',
  suffix: 'ext',
  month: 'mon',
  minute: 'min',
  second: 'sec'
}

const KNOWN = [
  ...['bucket', 'key', 'etag', 'fname', 'fsize', 'mimeType', 'endUser', 'persistentId', 'ext', 'uuid', 'bodySha1'],
  ...['exif', 'imageInfo', 'avinfo', 'imageAve', 'fprefix', 'year', 'mon', 'day', 'hour', 'min', 'sec']
]

const VARIABLE = /\$\(([^()]*)\)/g

/**
 * Returns what is wrong with the magic variables (魔法变量) of a template, or `undefined`. Unknown names are accepted,
 * because the set grows; likely typos are not.
 */
export function findTemplateFault(template: string): string | undefined {
  for (const [whole, name = ''] of template.matchAll(VARIABLE)) {
    if (name.startsWith('x:')) {
      if (!/^x:[\w-]+$/.test(name))
        return `has the custom variable "${whole}"; its name may only contain letters, digits, _ and -`
      continue
    }
    const root = name.split('.', 1)[0] ?? ''
    if (!/^\w+$/.test(root)) return `has "${whole}", which is not a magic variable`
    if (KNOWN.includes(root)) continue
    const plain = name.toLowerCase().replaceAll('_', '')
    const meant = KNOWN.find((known) => known.toLowerCase() === plain) ?? MISTAKES[plain]
    if (meant) return `has "${whole}"; the magic variable is called $(${meant})`
  }
  return /\$\((?![^()]*\))/.test(template) ? 'has "$(" without its ")"' : undefined
}

/**
 * The same for a template that must become JSON. Qiniu inserts values with quotes, so variables without quotes are
 * right.
 */
export function findJsonTemplateFault(template: string): string | undefined {
  const fault = findTemplateFault(template)
  if (fault) return fault
  try {
    JSON.parse(template.replace(VARIABLE, '0'))
    return undefined
  } catch {
    return 'must become JSON once its magic variables are replaced'
  }
}
