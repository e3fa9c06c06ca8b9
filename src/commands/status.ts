// Describes the cursor. It only reads, without a lock and without S3, so it may run
// at any time, also during a cycle.

import { lastOffset } from '../cursor/clock-note.ts'
import { shardText } from '../find/shard.ts'
import { seeLock } from '../cursor/lock/see-lock.ts'
import { concealed, concealedJson } from '../report/conceal.ts'
import { cursorSize, cursorStatus } from './status/cursor-status.ts'
import { lagLimit, lags, overdueText } from './status/lag.ts'
import { lockStatus, lockText } from './status/lock-status.ts'
import { quarantinedByDay } from './status/quarantine-status.ts'
import type { Outcome } from '../report/outcome.ts'
import { statusText } from './status/status-text.ts'
import {
  loadAndWarn,
  readCursor,
  type CommandContext,
  type CommandOptions,
} from './with-cursor.ts'

/** Reports the state of the cursor; `print` takes the answer for stdout. Throws UsageError, SettingsError, CursorError and the errors of `print`. */
export async function status(
  options: CommandOptions & {
    json: boolean
    maxLag?: string | undefined
    strict?: boolean
  },
  context: CommandContext,
  print: (text: string) => Promise<void>,
): Promise<Outcome> {
  const { maxLag, strict = false } = options
  const limit = lagLimit(maxLag, strict)
  const { settings, cursorPath } = loadAndWarn(options, context)
  const cursor = await readCursor(settings, cursorPath)
  try {
    const { state } = cursor
    const local = context.clock.now()
    const now = local + lastOffset(state)
    const lock = await seeLock(cursorPath, local)
    const answer = {
      ...cursorStatus(state, now),
      ...lockStatus(lock, local),
      quarantined_by_day: await quarantinedByDay(cursor),
      cursor: await cursorSize(cursor, cursorPath),
    }
    const { last_cycle: last } = answer
    const overdue =
      last === null
        ? ''
        : overdueText(Date.parse(last.at), now, settings.MaxCycleSeconds)
    const work = lockText(answer)
    const atWork = work === '' ? '' : `At work: ${work}\n`
    const shard = shardText(settings.Shard)
    const place = { bucket: settings.BucketName, now, shard, overdue }
    if (options.json)
      await print(`${concealedJson({ ...answer, overdue: overdue !== '' })}\n`)
    else if (answer.cursor.bytes > 0) await print(statusText(answer, place))
    else
      await print(
        `There is no cursor yet: ${concealed(cursorPath)} comes with the first cycle.\n${atWork}`,
      )
    const found = limit === undefined ? [] : lags(answer, limit, now)
    for (const lag of found) context.report.error('lag', lag)
    return found.length > 0 ? 'partial' : 'done'
  } finally {
    await cursor.close()
  }
}
