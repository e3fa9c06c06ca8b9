// Distinguishes a copy of a bucket, whose digests all name the other bucket,
// from digests that were brought in from elsewhere.

import { fault, warning, type Finding } from './digest-finding.ts'

// At most this many digests are kept, to be reported by name if they turn out
// to be from elsewhere.
const MAX_KEPT = 1000

/** Watches the buckets that the digests of one chain name. */
export class CopyWatch {
  readonly #bucket: string
  #hasOwn = false
  #other = ''
  #count = 0
  #keys: string[] = []

  constructor(bucket: string) {
    this.#bucket = bucket
  }

  /** Takes the bucket that a digest names; yields the digests that were brought in. */
  *note(key: string, bucket: string): Generator<Finding> {
    if (bucket === this.#bucket) {
      this.#hasOwn = true
      for (const kept of this.#keys) yield this.#moved(kept, this.#other)
      this.#keys = []
    } else if (this.#hasOwn || (this.#other !== '' && this.#other !== bucket))
      yield this.#moved(key, bucket)
    else {
      this.#other = bucket
      this.#count++
      if (this.#keys.length < MAX_KEPT) this.#keys.push(key)
    }
  }

  /** Yields a warning if all digests name one other bucket. */
  *finish(): Generator<Finding> {
    if (this.#hasOwn || this.#count === 0) return
    yield warning(
      'copy',
      `this bucket holds a copy: all ${this.#count} digests read of this chain were written to bucket ${this.#other}`,
    )
  }

  #moved(key: string, bucket: string): Finding {
    return fault(
      'moved',
      key,
      `it was written to bucket ${bucket}, and others of its chain were not`,
    )
  }
}
