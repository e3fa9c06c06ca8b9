// Shows the newest records in the bucket as a cycle would print them. It is safe to
// run at any time: it opens no cursor, takes no lock and commits nothing. Large
// bodies lie in a temporary folder while they are read.

import { newPartition } from '../cursor/cursor-state.ts'
import { findFolders } from '../cycle/silence/find-folders.ts'
import { fetchObject } from '../fetch/fetch-object.ts'
import { Refusals } from '../fetch/refusals.ts'
import type { Candidate } from '../find/listing-result.ts'
import { isOwnLeaf } from '../find/shard.ts'
import { LineWriter } from '../output/line-writer.ts'
import { StoppedError, type Sink } from '../output/stdout.ts'
import { worstOutcome, type Outcome } from '../report/outcome.ts'
import { compare, messageOf } from '../report/words.ts'
import type { ListedObject } from '../s3/object-store.ts'
import { silenceMs } from '../s3/silence-watch.ts'
import { numberOption } from '../settings/settings-error.ts'
import { findNewest } from './check/find-newest.ts'
import { outcomeOf } from './check/check-finding.ts'
import { replayObject, reportFailure } from './replay/replay-object.ts'
import { NewestLines } from './sample/newest-lines.ts'
import {
  withSource,
  type CommandContext,
  type CommandOptions,
} from './with-cursor.ts'
import type { Source } from '../cycle/session.ts'

const MAX_RECORDS = 1000
const MAX_OBJECTS = 10
const MAX_FOLDERS = 200
const SECONDS = 10

/** Prints the newest records; throws UsageError, SettingsError, StoppedError and the errors of the sink. */
export async function sample(
  options: CommandOptions & { number: string | undefined },
  context: CommandContext & { sink: Sink },
): Promise<Outcome> {
  const { number = '1' } = options
  const wanted = numberOption(number, MAX_RECORDS, '-n takes a whole number')
  const { sink } = context
  return withSource(options, context, source =>
    show(wanted, { ...source, sink }),
  )
}

async function show(
  wanted: number,
  source: Source & { sink: Sink },
): Promise<Outcome> {
  const { stop, report, sink } = source
  const { objects, ends } = await newestObjects(source)
  const newest = new NewestLines(wanted)
  for (const object of objects)
    ends.push(await readInto(newest, object, source))
  if (stop.aborted) throw new StoppedError('a signal asked to stop')
  const lines = newest.lines()
  for (const line of lines) await sink(line)
  const end = worstOutcome(ends)
  if (lines.length > 0) return end === 'done' ? end : 'partial'
  if (end !== 'done') return end
  report.error(
    'no_records',
    'there is no record to show: the newest objects are empty, or there are no objects; `check` says more',
  )
  return 'partial'
}

// Gives the oldest object first, so that of records with the same time those of the
// newest object are shown last.
async function newestObjects(
  source: Source,
): Promise<{ objects: ListedObject[]; ends: Outcome[] }> {
  const { scope, settings, matchesPatterns, report } = source
  const found = await findFolders(scope, source, MAX_FOLDERS, SECONDS)
  const own = found.folders.filter(({ prefix }) =>
    isOwnLeaf(prefix, settings.Shard),
  )
  const { ofEach, errors } = await findNewest(own, matchesPatterns, source)
  const all = [...found.errors, ...errors]
  for (const error of all) report.error('not_listed', messageOf(error))
  const objects = ofEach
    .toSorted((a, b) => a.modified - b.modified || compare(a.key, b.key))
    .slice(-MAX_OBJECTS)
  return { objects, ends: all.map(outcomeOf) }
}

async function readInto(
  newest: NewestLines,
  object: ListedObject,
  source: Source,
): Promise<Outcome> {
  const { stop, settings, counts } = source
  const refusals = new Refusals()
  const download = await fetchObject(candidateOf(object), {
    ...source,
    refusals,
    bucket: settings.BucketName,
    signal: stop,
    silenceMs: silenceMs(settings.MaxCycleSeconds),
  })
  if (stop.aborted) return 'done'
  const [refused] = refusals.held
  if (download?.end !== 'fetched') {
    const error = download?.error ?? refused?.error
    reportFailure(object.key, error, 0, source)
    return outcomeOf(error)
  }
  const keep: Sink = async lines => newest.take(lines)
  const writer = new LineWriter(keep, Infinity)
  const failed = counts.objects_failed
  await replayObject(download, {
    ...source,
    writer,
    mustStop: () => stop.aborted,
    drain: () => writer.send(),
  })
  await writer.send()
  await writer.sendLast()
  return counts.objects_failed > failed ? 'partial' : 'done'
}

// The candidate has no day and no listing, since it is never committed.
function candidateOf(object: ListedObject): Candidate {
  return {
    ...object,
    folder: newPartition('', ''),
    day: '',
    before: '',
    position: 0,
    pending: new Set(),
  }
}
