// Puts made objects into a bucket in memory and gathers what the digests of a
// folder tell.

import type { ObjectStore } from '../../../src/s3/object-store.ts'
import {
  digestEvents,
  type DigestEvent,
} from '../../../src/verify/digests/digest-events.ts'
import type { Span } from '../../../src/verify/digests/digest-hours.ts'
import type { KeySource } from '../../../src/verify/digests/signature.ts'
import { signatureCheck } from '../../../src/verify/digests/signature.ts'
import { hastyClock } from '../fake-clock.ts'
import { MemoryStore } from '../s3/memory-store.ts'
import { HOUR, type MadeObject, type SigningKey } from './chain-maker.ts'
import { checkBy } from './seen-chain.ts'

/** The folder of the digests that are made unless another is asked for. */
export const FOLDER = 'AWSLogs/111122223333/CloudTrail-Digest/us-east-1/'

/** Makes a bucket of objects. */
export function storeOf(objects: readonly MadeObject[]): MemoryStore {
  const store = new MemoryStore()
  for (const { key, modified, body, metadata } of objects)
    store.put(key, modified, body).metadata = metadata
  return store
}

/** Knows some keys for all regions, or none. */
export function knownKeys(...keys: SigningKey[]): KeySource {
  const isChecked = keys.length > 0
  const check = isChecked ? checkBy(...keys) : signatureCheck(undefined)
  return async () => ({ check, isChecked, findings: [] })
}

/** Gathers all events of a folder, read so many hours after the range ended. */
export async function eventsOf(
  store: ObjectStore,
  range: Span,
  given: {
    keys: KeySource
    folder?: string
    bucket?: string
    now?: number
    signal?: AbortSignal
  },
): Promise<DigestEvent[]> {
  const { folder = FOLDER, bucket = 'logs', now = range.to + 4 * HOUR } = given
  const { keys, signal = new AbortController().signal } = given
  const source = { store, bucket, signal, clock: hastyClock }
  const events: DigestEvent[] = []
  for await (const event of digestEvents(folder, range, now, keys, source))
    events.push(event)
  return events
}

/** Says in short what was found, `code key` or `code hour`, in order. */
export function shortly(
  events: readonly DigestEvent[],
  level: 'fault' | 'warning',
): string[] {
  return events
    .filter(event => event.kind === 'finding')
    .filter(event => event.level === level)
    .map(({ code, key, hour }) => `${code} ${key ?? hour ?? ''}`.trim())
    .toSorted()
}

/** Gives the keys of the logs that were told. */
export const logsTold = (events: readonly DigestEvent[]): string[] =>
  events.flatMap(event => (event.kind === 'log' ? [event.log.key] : []))
