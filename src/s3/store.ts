// The bucket over HTTP, with all that watches its requests: the counts of the
// summary, S3's clock and the API log. LIST and GET with Range. Each try of a
// request passes the gate and is watched for silence. Bodies that break are
// resumed by who reads.

import { setMaxListeners } from 'node:events'
import { untilAborted, type Clock } from '../clock.ts'
import type { Settings } from '../settings/settings-table.ts'
import { objectAnswer } from './object-answer.ts'
import {
  s3Url,
  type GetRequest,
  type ListPage,
  type ListRequest,
  type ObjectBytes,
  type ObjectStore,
} from './object-store.ts'
import { S3Clock } from './clock.ts'
import type { ObservedRequest, RequestObserver } from './observe.ts'
import { confirmFaults } from './confirm-faults.ts'
import { listPage, readList } from './list.ts'
import { RequestGate } from './gate.ts'
import { retryRequest } from './retry.ts'
import type { AccessSettings } from './access/endpoint.ts'
import type { Advice, Facts } from './errors/advice.ts'
import { adviceOn } from './errors/error-advice.ts'
import { getPermission, listPermission } from './permissions.ts'
import { openExchange } from './exchange.ts'
import { getRequest, listRequest } from './request.ts'
import { silenceMs, SilenceWatch } from './silence.ts'
import { SourceError, sourceError } from './errors/source-error.ts'

type StoreSettings = AccessSettings &
  Pick<Settings, 'MaxResultCount' | 'FilePath'>

type Judge = (facts: Facts) => Advice

export interface StoreContext {
  clock: Clock
  /** Learns the time from each answer; what is signed goes by it. */
  s3Clock: S3Clock
  /** How many ms a request may bring no byte. */
  silence: number
  /** Sees every try of every request. */
  observer: RequestObserver
}

/** Makes the store of a bucket; nothing is asked before the first request. */
export function openStore(
  settings: StoreSettings,
  { clock, s3Clock, silence, observer }: StoreContext,
): ObjectStore {
  const exchange = openExchange(settings, s3Clock, silence, observer)
  const gate = new RequestGate()
  const bucket = settings.BucketName
  const judgeList = judgeFor(listPermission(settings))
  const judgeGet = judgeFor(getPermission(settings))

  // Whoever gets the answer ends the watch; after a failure it has ended.
  const request = async <T>(
    doing: string,
    judge: Judge,
    signal: AbortSignal | undefined,
    ask: (attempt: number, watch: SilenceWatch) => Promise<T>,
  ): Promise<T> => {
    const askOnce = async (attempt: number): Promise<T> => {
      const watch = new SilenceWatch(silence, signal)
      try {
        // The signal is not heard while credentials are fetched.
        return await untilAborted(ask(attempt, watch), watch.signal)
      } catch (cause) {
        throw failure(cause, watch, doing, judge)
      }
    }
    // Each request in flight listens; with so many Node suspects a leak.
    if (signal) setMaxListeners(0, signal)
    try {
      return await retryRequest(askOnce, { clock, gate, signal })
    } catch (cause) {
      throw sourceError(cause, doing, judge)
    }
  }

  return {
    list(page: ListRequest): Promise<ListPage> {
      const doing = `listing ${s3Url(bucket, page.prefix)}`
      return request(doing, judgeList, page.signal, async (attempt, watch) => {
        const asked = listRequest(page, settings.MaxResultCount)
        const { text, headers } = await exchange(asked, attempt, watch)
        const read = listPage(readList(text), page, doing)
        s3Clock.observe(headers.date)
        watch.end()
        return read
      })
    },

    get(object: GetRequest): Promise<ObjectBytes> {
      const doing = `reading ${s3Url(bucket, object.key)}`
      return request(doing, judgeGet, object.signal, async (attempt, watch) => {
        const asked = getRequest(object)
        const { headers, body } = await exchange(asked, attempt, watch)
        watch.pause()
        try {
          const facts = objectAnswer(headers, object, doing)
          s3Clock.observe(headers.date)
          const due = facts.size - object.from
          const chunks = watched(body, due, watch, doing)
          return { ...facts, chunks, ...metadataOf(headers) }
        } catch (error) {
          body.destroy()
          throw error
        }
      })
    },
  }
}

const judgeFor =
  (permission: string): Judge =>
  facts =>
    adviceOn(facts, permission)

const META = 'x-amz-meta-'

// Most objects have none.
function metadataOf(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): { metadata?: Record<string, string> } {
  let metadata: Record<string, string> | undefined
  for (const name in headers)
    if (name.startsWith(META)) (metadata ??= {})[name] = String(headers[name])
  return metadata === undefined ? {} : { metadata }
}

async function* watched(
  body: AsyncIterable<Buffer>,
  due: number,
  watch: SilenceWatch,
  doing: string,
): AsyncGenerator<Buffer> {
  let left = due
  try {
    watch.wait()
    for await (const chunk of body) {
      watch.pause()
      left -= chunk.length
      // A body without Content-Length may bring what nobody asked for.
      if (left < 0)
        throw new SourceError(
          `${doing}: more than the ${due} bytes that are due; check any proxy`,
          { code: 'WrongLength', kind: 'network' },
        )
      yield chunk
      watch.wait()
    }
  } catch (cause) {
    throw failure(cause, watch, doing)
  } finally {
    watch.end()
  }
}

// Node words the end of a request that the signal ended as a reset.
function failure(
  cause: unknown,
  watch: SilenceWatch,
  doing: string,
  judge?: Judge,
): SourceError {
  watch.end()
  const { aborted, reason } = watch.signal
  return sourceError(aborted ? reason : cause, doing, judge)
}

/** The requests of a command, each counted once, and their further tries. */
export interface RequestCounts {
  lists: number
  gets: number
  retries: number
}

/** Opens the bucket of the settings; `log` is called for each request if LogApiRequests is on. */
export function openBucket(
  settings: Settings,
  clock: Clock,
  lastOffset: number,
  counts: RequestCounts,
  log: (request: ObservedRequest) => void,
): { store: ObjectStore; s3Clock: S3Clock } {
  const s3Clock = new S3Clock(clock, lastOffset)
  const observer = (request: ObservedRequest): void => {
    if (request.attempt > 1) counts.retries++
    else if (request.kind === 'LIST') counts.lists++
    else counts.gets++
    if (settings.LogApiRequests) log(request)
  }
  const store = openStore(settings, {
    clock,
    s3Clock,
    silence: silenceMs(settings.MaxCycleSeconds),
    observer,
  })
  return { store: confirmFaults(store, settings), s3Clock }
}
