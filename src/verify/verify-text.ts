// Writes the answer of `verify` in lines, like those of `check`: one for each
// leaf and day, one for each log, digest or hour that breaks the proof, and the
// sentence at the end.

import { concealed } from '../report/conceal.ts'
import { visible } from '../report/report.ts'
import { counted, number } from '../report/words.ts'
import type { Finding, Said } from './digests/digest-finding.ts'
import {
  countedStates,
  moreKinds,
  type CountedState,
  type DayCounts,
  type FaultyLog,
  type LeafResult,
  type MoreKind,
  type Unkept,
} from './logs/leaf-result.ts'
import { FAULT_WORDS, sentence, type Proof } from './proof.ts'

/** Makes lines, or a document, of results in sequence. */
export interface Writer {
  /** Begins the answer about a range, which starts at `from` in ms since 1970. */
  begin(from: number): string
  leaf(result: LeafResult): string
  /** Names the things that a leaf does not keep, before the leaf itself. */
  unkept(result: LeafResult, things: readonly Unkept[]): string
  finding(finding: Said): string
  end(proof: Proof): string
  /** Ends an answer that is abandoned, so that readers can tell it from a complete one. */
  giveUp(): string
}

type Level = 'ok' | 'warn' | 'fail'

const STATE_WORDS: Readonly<Record<CountedState, string>> = {
  collected: 'collected',
  skipped: 'skipped',
  pending: 'pending',
  out_of_scope: 'out of scope',
  left_out: 'left out by Inclusions or Exclusions',
  before_first_day: 'before the first day',
}

const MORE_WORDS: Readonly<Record<MoreKind, string>> = {
  ...FAULT_WORDS,
  missing_digests: 'missing digests',
  gaps: 'hours that no digest covers',
  other_faults: 'other faults',
  warnings: 'warnings',
  undigested: 'objects that no digest names',
}

// The facts that no run of `verify` can know.
const BEYOND =
  'Not proved by this: events that the trail was not set to record, and times in which no digests were made.'

/** Writes text. */
export function textWriter(): Writer {
  let repeats = 0
  return {
    begin: () => '',
    leaf: result => {
      repeats += result.repeats
      return leafLines(result)
    },
    unkept: (result, things) =>
      things.map(thing => unkeptLine(nameOf(result), thing)).join(''),
    finding: ({ level, message }) => line(levelOf(level), message),
    end: proof =>
      [
        ...(repeats > 0 ? [`In all ${repeatsText(repeats)}.`] : []),
        ...(proof.byDigests ? [BEYOND] : []),
        `${visible(sentence(proof))}\n`,
      ].join('\n'),
    // The error is reported on stderr.
    giveUp: () => '',
  }
}

/** Yields the named faults of a leaf, in the wording of the text. */
export function* faultTexts(result: LeafResult): Generator<string> {
  for (const { level, message } of result.findings)
    if (level === 'fault') yield `${nameOf(result)}: ${message}`
  for (const log of result.faulty) yield faultText(log)
}

// Things that are not kept were named before.
function* moreLines(result: LeafResult): Generator<string> {
  for (const kind of moreKinds) {
    const more = result.more[kind]
    if (more > 0)
      yield line(
        kind === 'warnings' || kind === 'undigested' ? 'warn' : 'fail',
        `${nameOf(result)}: ${MORE_WORDS[kind]}: ${number(more)} more, which are named above`,
      )
  }
}

function unkeptLine(place: string, thing: Unkept): string {
  if (thing.kind === 'log') return line('fail', faultText(thing.log))
  if (thing.kind === 'undigested') return undigestedLine(thing.key)
  const { level, message } = thing.finding
  return line(levelOf(level), `${place}: ${message}`)
}

const undigestedLine = (key: string): string =>
  line('warn', `${key}: no digest names it`)

const nameOf = ({ account, region, folder }: LeafResult): string =>
  [account, region].filter(Boolean).join(' ') || folder

function leafLines(result: LeafResult): string {
  const { findings, undigested, faulty } = result
  const place = nameOf(result)
  const lines: string[] = []
  for (const { level, message } of findings)
    lines.push(line(levelOf(level), `${place}: ${message}`))
  for (const day of [...result.days.keys()].toSorted())
    lines.push(dayLine(place, day, result.days.get(day) as DayCounts))
  if (result.repeats > 0)
    lines.push(line('ok', `${place}: ${repeatsText(result.repeats)}`))
  if (result.days.size === 0 && findings.length === 0)
    lines.push(line('ok', `${place}: no logs`))
  for (const log of faulty) lines.push(line('fail', faultText(log)))
  for (const key of undigested) lines.push(undigestedLine(key))
  lines.push(...moreLines(result))
  return lines.join('')
}

// A host that lost its connection asks again; the repeats lose no record.
const repeatsText = (repeats: number): string =>
  `${counted(repeats, 'record')} came more than once to what is stored`

function dayLine(place: string, day: string, counts: DayCounts): string {
  const { logs, faulty, collected } = counts
  const states = countedStates
    .filter(state => counts[state] > 0)
    .map(state => `${number(counts[state])} ${STATE_WORDS[state]}`)
  const level: Level = faulty > 0 ? 'fail' : counts.pending > 0 ? 'warn' : 'ok'
  const what = logs === collected ? 'all collected' : states.join(', ')
  const wrong = faulty > 0 ? `${number(faulty)} wrong` : ''
  const all = [faulty > 0 && logs === collected ? 'all collected' : what, wrong]
  return line(
    level,
    `${place} ${day || 'no day'}: ${number(logs)} logs, ${all.filter(Boolean).join(', ')}`,
  )
}

function faultText({ key, state, reason }: FaultyLog): string {
  const why = reason === '' ? '' : `: ${reason}`
  const cure = state === 'quarantined' ? ' (`retry KEY` queues it again)' : ''
  return `${key}: ${FAULT_WORDS[state]}${why}${cure}`
}

const levelOf = (level: Finding['level']): Level =>
  level === 'fault' ? 'fail' : 'warn'

const line = (level: Level, text: string): string =>
  `${level.padEnd(4)} ${visible(concealed(text))}\n`
