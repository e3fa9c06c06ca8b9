// The logs of a leaf as they lie in the bucket, day by day, held against those
// that digests name: what a digest names and is not there, and what is there
// and no digest names. A day is listed when the first log of it is named, and
// what was named of it is let go, so that about a day is held.

import { fingerprint, FingerprintSet } from '../../cursor/fingerprint-set.ts'
import { dayPrefix } from '../../find/day-folders.ts'
import {
  isFolderMarker,
  type ListedObject,
  type ObjectStore,
} from '../../s3/object-store.ts'
import { pages } from '../../s3/pages.ts'
import { placeOf } from './log-place.ts'

/** An object as it is in the bucket now. */
export type StoredLog = Pick<ListedObject, 'key' | 'size' | 'modified' | 'etag'>

export interface LeafDaysContext {
  store: Pick<ObjectStore, 'list'>
  signal: AbortSignal
  /** The leaves whose days are listed, and the days; in others a log is asked for alone. */
  leaves: readonly string[]
  days: readonly string[]
  /** What lies elsewhere is not listed. */
  FilePath?: string
}

/** Knows the days of leaves that share their digests. */
export class LeafDays {
  readonly #context: LeafDaysContext
  readonly #leaves: ReadonlySet<string>
  readonly #days: ReadonlySet<string>
  /** Each is asked for once, also where it fails. */
  readonly #listed = new Map<string, Promise<void>>()
  readonly #unnamed = new Map<string, StoredLog>()
  readonly #named = new FingerprintSet()

  constructor(context: LeafDaysContext) {
    this.#context = context
    this.#leaves = new Set(context.leaves)
    this.#days = new Set(context.days)
  }

  /** Takes a log that a digest names: what is there of it, undefined where it is not in the bucket, 'again' where one named it before. Throws SourceError. */
  async take(key: string): Promise<StoredLog | undefined | 'again'> {
    const print = fingerprint(key, 0)
    if (this.#named.has(print)) return 'again'
    const { leaf, day } = placeOf(key)
    try {
      if (this.#leaves.has(leaf) && this.#days.has(day))
        await this.#list(leaf, day)
    } finally {
      this.#named.add(print)
    }
    const found = this.#unnamed.get(key)
    this.#unnamed.delete(key)
    return found ?? this.#ask(key)
  }

  /** Gives what no digest has named, in order; lists the days of which none was. Throws SourceError. */
  async rest(): Promise<StoredLog[]> {
    for (const leaf of this.#leaves)
      for (const day of this.#days) await this.#list(leaf, day)
    return [...this.#unnamed.values()]
  }

  async #list(leaf: string, day: string): Promise<void> {
    const { FilePath = '' } = this.#context
    const folder = dayPrefix(leaf, 'date', day)
    if (!folder.startsWith(FilePath) && !FilePath.startsWith(folder)) return
    const prefix = FilePath.startsWith(folder) ? FilePath : folder
    const listing = this.#listed.get(prefix) ?? this.#read(prefix)
    this.#listed.set(prefix, listing)
    await listing
  }

  async #read(prefix: string): Promise<void> {
    const { store, signal } = this.#context
    const request = { prefix, delimiter: false, startAfter: '', signal }
    for await (const page of pages(store, request)) {
      if (page.fault) throw page.fault
      for (const { key, size, modified, etag } of page.objects)
        if (!isFolderMarker({ key, size }) && !this.#isNamed(key))
          this.#unnamed.set(key, { key, size, modified, etag })
    }
  }

  #isNamed(key: string): boolean {
    return this.#named.has(fingerprint(key, 0))
  }

  async #ask(prefix: string): Promise<StoredLog | undefined> {
    const { store, signal } = this.#context
    const request = {
      prefix,
      delimiter: false,
      startAfter: '',
      signal,
      keys: 1,
    }
    const { objects } = await store.list(request)
    return objects.find(({ key }) => key === prefix)
  }
}
