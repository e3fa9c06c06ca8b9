// The outside things that commands and cycles work with: the settings, the
// bucket, the clocks, stderr, and, under the lock, the cursor.

import type { Clock } from '../clock.ts'
import type { Cursor } from '../cursor/cursor.ts'
import type { Spool } from '../fetch/spool.ts'
import type { Scope } from '../find/scope.ts'
import type { LogType } from '../normalize/log-types.ts'
import type { Report } from '../report/report.ts'
import type { S3Clock } from '../s3/s3-clock.ts'
import type { ObjectStore } from '../s3/object-store.ts'
import type { Settings } from '../settings/settings-table.ts'
import type { Counts } from './summary.ts'

/** A bucket with its settings. */
export interface Source {
  settings: Settings
  logType: LogType
  scope: Scope
  matchesPatterns(key: string): boolean
  store: ObjectStore
  spool: Spool
  clock: Clock
  s3Clock: S3Clock
  report: Report
  counts: Counts
  /** Aborts when a signal asks the process to stop. */
  stop: AbortSignal
}

/** A bucket with its cursor, whose lock is held. */
export interface Session extends Source {
  cursor: Cursor
}
