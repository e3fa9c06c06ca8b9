// The bucket over HTTP, with the observers of its requests: the counts of the
// summary, S3's clock and the API log. LIST and GET with Range. Each try of a
// request passes the gate and is watched for silence. The reader resumes a
// broken body.

import { setMaxListeners } from 'node:events'
import type { Clock } from '../clock.ts'
import type { Settings } from '../settings/settings-table.ts'
import { objectAnswer } from './object-answer.ts'
import { objectBody } from './object-body.ts'
import {
  s3Url,
  type GetRequest,
  type ListPage,
  type ListRequest,
  type ObjectBytes,
  type ObjectStore,
} from './object-store.ts'
import { S3Clock } from './s3-clock.ts'
import type { ObservedRequest, RequestObserver, S3Answer } from './observe.ts'
import { confirmFaults } from './confirm-faults.ts'
import { formOf, listPage, readList } from './list.ts'
import { RequestGate } from './gate.ts'
import { retryRequest } from './retry-request.ts'
import type { AccessSettings } from './access/endpoint.ts'
import type { Advice, Facts } from './errors/advice.ts'
import { adviceOn } from './errors/error-advice.ts'
import { getPermission, listPermission, type Where } from './permissions.ts'
import { openExchange } from './exchange.ts'
import { getRequest, listRequest, type S3Request } from './request.ts'
import { silenceMs } from './silence-watch.ts'
import { sourceError } from './errors/source-error.ts'

interface StoreSettings extends AccessSettings, Where {
  MaxResultCount: number
}

type Judge = (facts: Facts) => Advice

/** The timing and the observers of requests. */
export interface StoreOptions {
  clock: Clock
  /** Learns the time from each answer; signing follows it. */
  s3Clock: S3Clock
  /** The time in ms that a request may be silent. */
  silence: number
  /** Gets every try of every request. */
  observer: RequestObserver
}

/** Makes the store of a bucket; the first request is the first access. */
export function openStore(
  settings: StoreSettings,
  { clock, s3Clock, silence, observer }: StoreOptions,
): ObjectStore {
  const exchange = openExchange(settings, s3Clock, silence, observer, clock)
  const gate = new RequestGate()
  const bucket = settings.BucketName
  const judgeList = judgeFor(listPermission(settings))
  const judgeGet = judgeFor(getPermission(settings))
  let heard: AbortSignal | undefined

  const request = async <T>(
    doing: string,
    judge: Judge,
    signal: AbortSignal | undefined,
    asked: () => S3Request,
    read: (answer: S3Answer) => T,
    tries?: number,
  ): Promise<T> => {
    // Only its answer counts at the gate, since S3 counts requests.
    const askOnce = async (attempt: number): Promise<T> => {
      const entering = gate.enter(signal)
      const round = typeof entering === 'number' ? entering : await entering
      try {
        const result = read(await exchange(asked(), attempt, signal))
        gate.leave(round)
        return result
      } catch (cause) {
        const fault = sourceError(cause, doing, judge)
        gate.leave(round, fault)
        throw fault
      }
    }
    if (signal && signal !== heard) {
      // Waiting requests listen to it; at this number Node would suspect a leak.
      setMaxListeners(0, signal)
      heard = signal
    }
    let fault: unknown
    try {
      return await askOnce(1)
    } catch (error) {
      fault = error
    }
    try {
      return await retryRequest(fault, askOnce, { clock, signal, tries })
    } catch (cause) {
      throw sourceError(cause, doing, judge)
    }
  }

  return {
    list(page: ListRequest): Promise<ListPage> {
      const { signal, tries } = page
      const doing = `listing ${s3Url(bucket, page.prefix)}`
      const asked = () => listRequest(page, settings.MaxResultCount)
      const read = ({ text, headers }: S3Answer): ListPage => {
        const found = listPage(readList(text), page, doing, () => formOf(text))
        s3Clock.observe(headers.date)
        return found
      }
      return request(doing, judgeList, signal, asked, read, tries)
    },

    get(object: GetRequest): Promise<ObjectBytes> {
      const { signal } = object
      const doing = `reading ${s3Url(bucket, object.key)}`
      const asked = () => getRequest(object)
      return request(doing, judgeGet, signal, asked, answer => {
        try {
          const facts = objectAnswer(answer.headers, object, doing)
          s3Clock.observe(answer.headers.date)
          const due = facts.size - object.from
          return {
            etag: facts.etag,
            size: facts.size,
            isOpenEnded: facts.isOpenEnded,
            isEncoded: facts.isEncoded,
            chunks: objectBody(answer, due, doing),
            headers: answer.headers,
          }
        } catch (error) {
          answer.wait.end()
          answer.body.destroy()
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
