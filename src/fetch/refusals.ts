// Distinguishes an outage from bad objects. Objects that S3 refused or that
// could not be reached are held back to the end of the cycle. They count no
// attempt if ten or more new ones were tried and nothing was read, since the
// fault is then not theirs, or if every request would meet the same fault.

import type { Candidate } from '../find/listing-result.ts'
import { SourceError } from '../s3/errors/source-error.ts'
import { ENOUGH, Sampling } from './sampling.ts'

/** An outage: every object tried was refused or not reached. */
export interface Outage {
  kind: 'access' | 'network'
  code: string
  message: string
  objects: number
}

/** An object that was refused or not reached; it counts as an attempt unless time cut it off. */
export interface Refusal {
  candidate: Candidate
  error: SourceError
  counts: boolean
}

// The largest number held; once something was read, each fault is the object's
// own.
const MANY = 1000

/** Counts the objects tried in a cycle. */
export class Refusals {
  /** The objects refused or not reached that are held back, in the order of the answers. */
  readonly held: Refusal[] = []
  /** Takes, within the cycle, the refusals beside objects that were read, once there are many. */
  onMany: (refusals: Refusal[]) => void = () => {}
  readonly sampling: Sampling
  #newOnes = 0
  #isAnyAnswered = false

  constructor(sampling = new Sampling()) {
    this.sampling = sampling
  }

  /** Notes an object that S3 gave, or whose own fault S3 named. */
  noteAnswer(candidate: Candidate): void {
    this.#isAnyAnswered = true
    this.sampling.onRead(candidate)
  }

  /** Notes an object that was refused or not reached. */
  hold(refusal: Refusal): void {
    const { held } = this
    held.push(refusal)
    const { candidate, error } = refusal
    // Retries alone are never an outage.
    if (candidate.etag !== undefined) {
      this.#newOnes++
      if (error.kind === 'access') this.sampling.onRefused(candidate)
    }
    if (held.length < MANY || !this.#isAnyAnswered) return
    if (!held.some(one => isEveryones(one.error))) this.onMany(held.splice(0))
  }

  /** Describes the outage, if it is one. */
  get outage(): Outage | undefined {
    const { held } = this
    const alike = held.filter(({ error }) => isEveryones(error))
    const [one] = alike
    if (one !== undefined) return everyonesFault(one.error, alike.length)
    if (this.#newOnes < ENOUGH || this.#isAnyAnswered) return undefined
    const isRefused = held.find(({ error }) => error.kind === 'access')
    const { error } = isRefused ?? held[0] ?? {}
    if (error === undefined) return undefined
    return {
      kind: isRefused ? 'access' : 'network',
      code: error.code,
      message:
        `all ${held.length} objects that were asked for were refused or not reached, ` +
        `so no attempt counts; one of them: ${error.message}`,
      objects: held.length,
    }
  }
}

// Network faults are left out: an unreached object may be reached later.
const isEveryones = ({ kind, unsigned, affectsAll }: SourceError): boolean =>
  unsigned || (affectsAll && kind === 'access')

// However many objects were read before, every later one would fail.
function everyonesFault(
  { kind, code, message, unsigned }: SourceError,
  objects: number,
): Outage {
  const fault = unsigned
    ? 'there are no valid credentials'
    : 'every request is refused alike'
  return {
    kind: kind === 'access' ? kind : 'network',
    code,
    message: `${fault}, so no attempt counts; objects not read: ${objects}; ${message}`,
    objects,
  }
}

/** Tells whether an error says that an object was refused or not reached, and nothing of the object itself. */
export function isRefusal(error: unknown): error is SourceError {
  return error instanceof SourceError && error.kind !== 'object'
}
