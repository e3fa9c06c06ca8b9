// The warning about S3's clock after a cycle: it leapt, it and this machine's
// differ by days, or S3 gave no time.

import type { CursorState } from '../cursor/cursor-state.ts'
import {
  apart,
  bothClocks,
  isLeap,
  isSuspect,
} from '../find/clock-judgement.ts'
import type { S3Clock } from '../s3/clock.ts'

/** Gives the warning of a cycle; '' if the clocks agree or S3 did not answer. */
export function clockWarning(
  cursor: { state: CursorState },
  { source }: Pick<S3Clock, 'source'>,
): string {
  const { clock } = cursor.state
  if (source === 'guess' || clock === undefined) return ''
  if (isSuspect(cursor.state))
    return (
      `S3's clock or this machine's leapt: S3's was ${apart(clock.believedOffset)}, and is ${apart(clock.offset)}. ` +
      'Until both stand still cycles collect from the days that are open, close none, and look for no new folders; set the clock that is wrong'
    )
  if (source === 'local')
    return "S3 sent no Date: days are taken from this machine's clock"
  if (!isLeap(clock.offset)) return ''
  const [earlier, later] = bothClocks(cursor.state, 0)
  const days =
    earlier === later
      ? "days are taken from S3's"
      : 'the days of both are listed'
  return `S3's clock is ${apart(clock.offset)}: ${days}; set the clock that is wrong`
}
