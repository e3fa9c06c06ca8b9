// A cycle's proof of the last whole hours is a round: its hours, and a note
// after each folder, so that the next cycle continues where this one ended.
// Every hour that a round leaves out is reported.

import {
  NOTHING_PROVED,
  neverVerified,
  type VerifyNote,
} from '../cursor/verify-note.ts'
import { DAY_MS } from '../find/day-folders.ts'
import { counted } from '../report/words.ts'
import { HOUR_MS } from './digests/digest-hours.ts'
import { sumOf, unnamedFaults, type LeafResult } from './logs/leaf-result.ts'
import { minuteText, provableUntil } from './range.ts'
import { NO_DIGESTS } from './run-proof.ts'
import { faultTexts } from './verify-text.ts'

const MAX_MS = DAY_MS
const MINUTE_MS = 60_000
// The limits for faults that are named, in number and in characters each.
const MAX_NAMED = 3
const MAX_TEXT = 300
// After this many cycles without enough time for it, a folder is passed over.
const MAX_CUT = 3

/** Gives the round that is due, begun or under way, undefined if none is: every so many minutes, up to the last whole hour that ended two hours ago, at most 24 hours, the first from `first` on. Times in ms since 1970, `now` S3's. */
export function dueRound(
  note: VerifyNote,
  minutes: number,
  now: number,
  first: number,
): VerifyNote | undefined {
  const to = provableUntil(now)
  if (note.from < note.to && note.to <= now) return note
  // A note by a clock that ran ahead counts as never.
  const { until, notProved, began } = note.until > now ? neverVerified() : note
  const isEarly = began <= now && now - began < minutes * MINUTE_MS
  const start = until > 0 ? until : first
  // A digest of less than an hour may still be missing.
  if (isEarly || start + HOUR_MS > to) return undefined
  const from = Math.max(start, to - MAX_MS)
  const round: VerifyNote = {
    until,
    notProved,
    began: now,
    ...NOTHING_PROVED,
    from,
    to,
  }
  if (until === 0 || from === until) return round
  const left = Math.round((from - until) / HOUR_MS)
  const text = `${counted(left, 'hour')} from ${minuteText(until)} to ${minuteText(from)} were not looked at, since a round covers 24 hours at most (\`verify --from ${minuteText(until)}\`)`
  return withFaults(round, [text])
}

/** Records the result of a folder; time that its digests do not cover yet is left to the next round. */
export function withResult(
  note: VerifyNote,
  folder: string,
  result: LeafResult | undefined,
): VerifyNote {
  if (result === undefined) return { ...note, after: folder, cut: 0 }
  const { coveredTo } = result
  const isCut = coveredTo > note.from && coveredTo < note.to
  const to = isCut ? coveredTo : note.to
  const passed = { ...note, to, after: folder, cut: 0 }
  const { logs, pending } = sumOf(result)
  const unsigned = result.findings.find(
    ({ code }) => code === 'signatures-not-checked',
  )
  return withFaults(
    {
      ...passed,
      digests: note.digests + result.digests,
      logs: note.logs + logs,
      pending: note.pending + pending,
      unsigned: note.unsigned || shorten(unsigned?.message ?? ''),
    },
    faultTexts(result),
    unnamedFaults(result),
  )
}

/** Records that a cycle had too little time for a folder; after three such cycles it is passed over and counts as not proved. */
export function withoutTime(note: VerifyNote, folder: string): VerifyNote {
  const cut = note.cut + 1
  if (cut < MAX_CUT) return { ...note, cut }
  const text = `${folder}: its proof takes longer than the time of a cycle (MaxCycleSeconds)`
  return withFaults({ ...note, after: folder, cut: 0 }, [text])
}

/** Records that all folders were examined. */
export function finished(note: VerifyNote, byDigests: boolean): VerifyNote {
  return byDigests && note.digests === 0 ? withFaults(note, [NO_DIGESTS]) : note
}

/** Makes the note that remains of a complete round. */
export function closed({ to, faults, began }: VerifyNote): VerifyNote {
  return { until: to, notProved: faults, began, ...NOTHING_PROVED }
}

function withFaults(
  note: VerifyNote,
  texts: Iterable<string>,
  more = 0,
): VerifyNote {
  const named = [...note.named]
  let faults = note.faults + more
  for (const text of texts) {
    faults++
    if (named.length < MAX_NAMED) named.push(shorten(text))
  }
  return { ...note, faults, named }
}

const shorten = (text: string): string =>
  text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT - 1)}…`

/** Summarizes the time and number of faults of a round, '' if it proved all. */
export function roundReason({ faults, from, to }: VerifyNote): string {
  const range = `--from ${minuteText(from)} --to ${minuteText(to)}`
  return faults === 0
    ? ''
    : `not proved from ${minuteText(from)} to ${minuteText(to)}: ${faults}; run \`verify ${range}\``
}

/** Describes the result of a round, and names its first few faults. */
export function roundText(note: VerifyNote, byDigests: boolean): string {
  const { from, to, faults, named, logs, digests, pending, unsigned } = note
  const more = faults - named.length
  const said = [
    ...named,
    ...(more > 0 && named.length > 0 ? [`and ${more} more`] : []),
    ...(pending === 0 ? [] : [`${counted(pending, 'log')} pending`]),
    ...(unsigned === '' ? [] : [unsigned]),
  ]
  const of = byDigests ? ` of ${counted(digests, 'digest')}` : ''
  const what =
    roundReason(note) ||
    `proved from ${minuteText(from)} to ${minuteText(to)}: ${counted(logs, 'log')}${of}`
  return [what, ...said].join('; ')
}
