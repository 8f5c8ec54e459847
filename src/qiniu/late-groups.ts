import type { LateMethods } from '../core/late/late-group.ts'
import type { BucketObjects } from './bucket-objects.ts'
import type { ProcessingCalls } from './processing-calls.ts'

export const OBJECT_METHODS: LateMethods<BucketObjects> = {
  stat: 'answers',
  delete: 'answers',
  copy: 'answers',
  move: 'answers',
  chgm: 'answers',
  chtype: 'answers',
  chstatus: 'answers',
  deleteAfterDays: 'answers',
  restore: 'answers',
  fetch: 'answers',
  prefetch: 'answers',
  list: 'iterates',
  listPage: 'answers',
  batch: 'answers',
  buckets: 'answers',
  domains: 'answers'
}

export const PROCESSING_METHODS: LateMethods<ProcessingCalls> = {
  pfop: 'answers',
  status: 'answers'
}
