import { redactText } from '../internal/redact.ts'

/** A longer list means that the whole body is wrong. */
const MOST = 10

/**
 * Fields that the platform does not know (请求中含有未在API文档中定义的参数). Their names are only in `detail.value`, which in other
 * refusals is the sent value.
 */
export function describeRefusedFields(detail: unknown): string | undefined {
  if (typeof detail !== 'object' || detail === null) return undefined
  const { location, value } = detail as { location?: unknown; value?: unknown }
  if (location !== null || !Array.isArray(value)) return undefined
  const paths = value.filter((path) => typeof path === 'string' && /^\/[\w/.-]{1,128}$/.test(path))
  if (paths.length === 0) return undefined
  return `This call has no ${redactText(paths.slice(0, MOST).join(', '))}: leave out fields that its document does not list.`
}
