// Starts the network side of a cycle: the search for objects, their downloads,
// and the turns in which they are printed. Objects that were cut are fetched
// last, once the search has ended or had its share of the time.

import type { CycleTime } from '../clock.ts'
import { recordCutDownload } from '../cursor/cut-state.ts'
import { downloadObjects } from '../fetch/download.ts'
import { fetchObject, type Download } from '../fetch/fetch-object.ts'
import { ReadyObjects } from '../fetch/ready-objects.ts'
import type { Refusals } from '../fetch/refusals.ts'
import { countRetries, dueRetries } from '../find/due-retries.ts'
import type { Candidate } from '../find/listing-result.ts'
import { Condition } from '../find/queue.ts'
import type { SearchResult } from '../find/search-result.ts'
import { startSearch } from '../find/start-search.ts'
import type { ObjectStore } from '../s3/object-store.ts'
import { optimizeSooner } from '../v8-flags.ts'
import { silenceMs } from '../s3/silence-watch.ts'
import { CutObjects } from './cut-objects.ts'
import type { CycleOutput } from './output.ts'
import type { Session } from './session.ts'
import { Turns } from './turns.ts'

// So many, and each small one costs more than its bytes.
const MANY_OBJECTS = 1000

/** The turns of a cycle, and the search that feeds them. */
export interface StartedTurns {
  turns: Turns
  searching: Promise<SearchResult>
  /** Ends all requests, and takes no more found objects. */
  endNetwork(): void
}

/** Starts the search in a store and the downloads of its objects; both end with the output's deadline. */
export function startTurns(
  session: Session,
  store: ObjectStore,
  refusals: Refusals,
  { deadline, writer, maxBytes }: CycleOutput,
  time: CycleTime,
  cycle: number,
): StartedTurns {
  const { settings, cursor, clock, s3Clock, spool, counts } = session
  const { signal } = deadline
  const fetching = {
    store,
    bucket: settings.BucketName,
    clock,
    spool,
    counts,
    refusals,
    signal,
    silenceMs: silenceMs(settings.MaxCycleSeconds),
    onCutOff: (candidate: Candidate): void => {
      if (time.isOver('emission')) recordCutDownload(candidate, cursor, cycle)
    },
  }
  const change = new Condition()
  const fetch = (candidate: Candidate): Promise<Download | undefined> =>
    fetchObject(candidate, fetching)
  const cut = new CutObjects(cursor, fetch, change)
  const isCut = (candidate: Candidate): boolean => cut.takes(candidate)
  const due = dueRetries(cursor, cycle, s3Clock.now())
  countRetries(due, counts)
  const plan = { ...session, store, signal }
  const { queue, result: searching } = startSearch(plan, time, isCut)
  const openCut = (): void => cut.open()
  void searching.then(openCut, openCut)
  const listingOver = clock.sleep(time.until('listing'), signal)
  void listingOver.then(openCut)
  const endNetwork = (): void => {
    queue.close()
    deadline.abortNetwork()
  }
  const listed = Promise.race([queue.filled(), listingOver])
  // Not before: the little that is done to each listed key is not worth it.
  void listed.then(() => {
    if (counts.objects_left >= MANY_OBJECTS) optimizeSooner()
  })
  const ready = new ReadyObjects<Download>()
  const wanted = {
    retries: due.filter(candidate => !isCut(candidate)),
    found: queue,
    listed,
    isLate: () => time.isOver('newWork'),
  }
  const maxWaiting = settings.DataFolderFilesCount
  const downloads = downloadObjects(wanted, fetching, maxWaiting, ready)
  const turns = new Turns({
    downloads,
    ready,
    cut,
    change,
    time,
    clock,
    writer,
    maxBytes,
    signal,
    end: endNetwork,
  })
  return { turns, searching, endNetwork }
}
