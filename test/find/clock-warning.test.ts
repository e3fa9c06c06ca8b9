import t from 'tap'
import type { ClockNote } from '../../src/cursor/clock-note.ts'
import { emptyState } from '../../src/cursor/cursor-state.ts'
import { clockWarning } from '../../src/find/clock-judgement.ts'

const DAY = 86_400_000

const warned = (
  clock: Partial<ClockNote>,
  source: 'guess' | 'response' | 'local' = 'response',
): string => {
  const note = {
    offset: 0,
    suspects: 0,
    believed: 1,
    believedOffset: clock.offset ?? 0,
    latest: 1,
    before: '',
    usual: 0,
    calm: 0,
    ...clock,
  }
  return clockWarning({ state: { ...emptyState(), clock: note } }, { source })
}

t.test('clocks that agree, and no answer, are not worth a word', t => {
  t.equal(warned({ offset: DAY }), '')
  t.equal(warned({ offset: 9 * DAY, suspects: 1 }, 'guess'), '')
  t.equal(
    clockWarning({ state: emptyState() }, { source: 'response' }),
    '',
    'nothing was noted',
  )
  t.end()
})

t.test('clocks that differ, by how much and what follows', t => {
  t.match(
    warned({ offset: -3 * DAY }),
    "S3's clock is 3 days behind this machine's: the days of both are listed",
  )
  t.match(
    warned({ offset: 60 * DAY }),
    "S3's clock is 60 days ahead of this machine's: days are taken from S3's",
  )
  t.match(
    warned({ offset: 60 * DAY, believedOffset: 0, suspects: 1 }),
    /was 0 s ahead of .*, and is 60 days ahead of .*close none/,
  )
  t.match(
    warned({ offset: DAY / 2, believedOffset: -DAY / 2 - 60_000, suspects: 1 }),
    /was 12 h 1 min behind .*, and is 12 h ahead of/,
  )
  t.match(warned({}, 'local'), 'no Date')
  t.end()
})
