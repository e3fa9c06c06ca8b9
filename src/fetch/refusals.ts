// Tells an outage from bad objects. Objects that S3 refused or that could not
// be reached are held back to the end of the cycle: when ten or more were tried
// and all were like that, the fault is none of theirs and nothing is noted; nor
// when there are no credentials that hold. A folder of which ten were refused
// and none was read is left alone till then.

import type { Folder } from '../cursor/cursor-state.ts'
import type { Candidate } from '../find/listing.ts'
import { SourceError } from '../s3/errors/source-error.ts'

/** Everything that was tried was refused or not reached. */
export interface Outage {
  kind: 'access' | 'network'
  code: string
  message: string
  objects: number
}

const ENOUGH = 10

/** An object that was refused or not reached; it counts as an attempt unless time cut it off. */
export interface Refusal {
  candidate: Candidate
  error: SourceError
  counts: boolean
}

/** Keeps count of what was tried in a cycle. */
export class Refusals {
  /** What was refused or not reached, in the order of the answers. */
  readonly held: Refusal[] = []
  readonly #folders = new Map<Folder, { refused: number; read: boolean }>()
  #tried = 0

  /** Notes an object that S3 gave, or of which it said what is wrong with it. */
  noteAnswer({ folder }: Candidate): void {
    this.#tried++
    this.#of(folder).read = true
  }

  /** Notes an object that was refused or not reached. */
  hold(refusal: Refusal): void {
    this.#tried++
    this.held.push(refusal)
    const { candidate, error } = refusal
    if (error.kind === 'access') this.#of(candidate.folder).refused++
  }

  /** Tells whether a folder is refused so often that asking on is in vain. */
  isShut(folder: Folder): boolean {
    const known = this.#folders.get(folder)
    return known !== undefined && !known.read && known.refused >= ENOUGH
  }

  /** Describes the outage, if it is one. */
  get outage(): Outage | undefined {
    const { held } = this
    const unsigned = held.filter(({ error }) => error.unsigned)
    const [one] = unsigned
    if (one !== undefined) return withoutKeys(one.error, unsigned.length)
    if (held.length < ENOUGH || held.length < this.#tried) return undefined
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

  #of(folder: Folder): { refused: number; read: boolean } {
    let known = this.#folders.get(folder)
    if (known === undefined)
      this.#folders.set(folder, (known = { refused: 0, read: false }))
    return known
  }
}

// However many objects were read before, no other would be now.
function withoutKeys(
  { kind, code, message }: SourceError,
  objects: number,
): Outage {
  return {
    kind: kind === 'access' ? kind : 'network',
    code,
    message: `there are no credentials that hold, so no attempt counts; objects not read: ${objects}; ${message}`,
    objects,
  }
}

/** Tells whether an error says that an object was refused or not reached, and nothing of the object itself. */
export function isRefusal(error: unknown): error is SourceError {
  return error instanceof SourceError && error.kind !== 'object'
}
