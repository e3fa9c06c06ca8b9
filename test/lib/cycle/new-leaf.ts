// A leaf without dates, as a search finds it.

import type { Leaf } from '../../../src/cursor/cursor-state.ts'

export const newLeaf = (prefix: string): Leaf => ({
  prefix,
  layout: 'flat',
  from: '2026-03-09',
  first: '2026-03-09',
  before: '',
  baseline: 0,
  newest: '',
  seen: 1,
  missed: 0,
  looked: '',
  lookedAt: 0,
  lookAfter: '',
})
