// Compares the logs of a leaf in the bucket, day by day, with those that
// digests name, and finds logs that are missing on either side. A day is listed
// when its first log is named, and released once the digests are past it; a
// released day with unnamed logs is listed again at the end.

import { fingerprint, FingerprintSet } from '../../cursor/fingerprint-set.ts'
import { dayPrefix } from '../../find/day-folders.ts'
import {
  isFolderMarker,
  type ListedObject,
  type Lists,
} from '../../s3/object-store.ts'
import { pages } from '../../s3/pages.ts'
import { ListedDay } from './listed-day.ts'
import { placeOf } from './log-place.ts'

/** The way days are listed. */
export interface DayListing {
  store: Lists
  signal: AbortSignal
  /** Objects outside it are not listed. */
  FilePath?: string
  /** Logs will be read, so their ETags are kept. */
  areRead?: boolean
}

/** A log as a digest names it. */
export interface NamedLog {
  key: string
  /** The hash that the digest states. */
  hash: string
  /** Whether that digest is proved by itself, or no signatures are checked. */
  isSure: boolean
}

/** A log that was named. */
export interface TakenLog {
  /** Its entry in the listing; undefined if it is not in the bucket. */
  log: ListedObject | undefined
  /** Another digest named it before, with another hash. */
  isAgain: boolean
}

/** The objects below one prefix, which is that of a day or of a part of it. */
interface Listing {
  day: string
  /** Ends when the listing does; a prefix is listed once, even if that fails. */
  done: Promise<void>
  /** Undefined once it was released, or if the listing failed. */
  logs: ListedDay | undefined
  /** When it was released, some of its logs were still unnamed. */
  hasMore: boolean
}

/** Holds the days of leaves that share their digests. */
export class LeafDays {
  readonly #listing: DayListing
  readonly #leaves: ReadonlySet<string>
  readonly #days: ReadonlySet<string>
  readonly #listings = new Map<string, Listing>()
  /** The logs named by a digest that is sure, and those named only by others. */
  readonly #named = new FingerprintSet()
  readonly #unsure = new FingerprintSet()
  readonly #hashes = new FingerprintSet()

  /** Takes the leaves and the days to be listed; a log of any other is requested by itself. */
  constructor(
    leaves: readonly string[],
    days: readonly string[],
    listing: DayListing,
  ) {
    this.#listing = listing
    this.#leaves = new Set(leaves)
    this.#days = new Set(days)
  }

  // A forged digest that names a log first must not keep the log from the
  // proved one: where logs are read, each hash counts.
  /** Takes a log that a digest names; gives 'again' if one named it before. Throws SourceError. */
  async take(named: NamedLog): Promise<TakenLog | 'again'> {
    const { key, hash, isSure } = named
    const { areRead } = this.#listing
    const print = fingerprint(key, 0)
    const withHash = fingerprint(`${hash} ${key}`, 0)
    const isSureNow = this.#named.has(print)
    const isAgain = isSureNow || this.#unsure.has(print)
    const isKnown = areRead ? this.#hashes.has(withHash) : isAgain
    if (isKnown && (isSureNow || !isSure)) return 'again'
    const { leaf, day } = placeOf(key)
    let listing: Listing | undefined
    try {
      if (this.#leaves.has(leaf) && this.#days.has(day))
        listing = await this.#list(leaf, day)
    } finally {
      if (areRead) this.#hashes.add(withHash)
      if (isSure) this.#named.add(print)
      else if (!isSureNow) this.#unsure.add(print)
    }
    const taken =
      isSure || isSureNow ? listing?.logs?.take(key) : listing?.logs?.find(key)
    if (isKnown) return 'again'
    return { log: taken ?? (await this.#ask(key)), isAgain }
  }

  /** Releases the days before this one, YYYY-MM-DD: few more digests will name logs of them, and each such log is requested by itself. */
  letGo(before: string): void {
    for (const listing of this.#listings.values()) {
      if (listing.day >= before || listing.logs === undefined) continue
      listing.hasMore = listing.logs.left > 0
      listing.logs = undefined
    }
  }

  /** Yields, day by day, the logs that no sure digest has named; `isNamed` says that another digest did. Throws SourceError. */
  async *rest(): AsyncGenerator<ListedObject & { isNamed: boolean }> {
    const prefixes = new Set<string>()
    for (const leaf of this.#leaves)
      for (const day of this.#days) {
        const prefix = this.#prefixOf(leaf, day)
        if (prefix !== undefined) prefixes.add(prefix)
      }
    for (const prefix of prefixes) {
      const listing = this.#listings.get(prefix)
      await listing?.done
      const { hasMore = true, logs } = listing ?? {}
      if (logs ? logs.left > 0 : hasMore)
        for await (const log of this.#read(prefix)) {
          const print = fingerprint(log.key, 0)
          if (this.#named.has(print)) continue
          // A page may be sent twice.
          this.#named.add(print)
          yield { ...log, isNamed: this.#unsure.has(print) }
        }
    }
  }

  async #list(leaf: string, day: string): Promise<Listing | undefined> {
    const prefix = this.#prefixOf(leaf, day)
    if (prefix === undefined) return undefined
    let listing = this.#listings.get(prefix)
    if (listing === undefined) {
      const logs = new ListedDay(this.#listing.areRead === true)
      const done = this.#fill(logs, prefix)
      listing = { day, done, logs, hasMore: true }
      this.#listings.set(prefix, listing)
    }
    await listing.done
    return listing
  }

  async #fill(logs: ListedDay, prefix: string): Promise<void> {
    for await (const log of this.#read(prefix))
      if (!this.#named.has(fingerprint(log.key, 0))) logs.add(log)
  }

  // FilePath may lead into the day; undefined if it leads elsewhere.
  #prefixOf(leaf: string, day: string): string | undefined {
    const { FilePath = '' } = this.#listing
    const folder = dayPrefix(leaf, 'date', day)
    if (FilePath.startsWith(folder)) return FilePath
    return folder.startsWith(FilePath) ? folder : undefined
  }

  async *#read(prefix: string): AsyncGenerator<ListedObject> {
    const { store, signal } = this.#listing
    const request = { prefix, delimiter: false, startAfter: '', signal }
    for await (const page of pages(store, request)) {
      if (page.fault) throw page.fault
      for (const object of page.objects)
        if (!isFolderMarker(object)) yield object
    }
  }

  async #ask(prefix: string): Promise<ListedObject | undefined> {
    const { store, signal } = this.#listing
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
