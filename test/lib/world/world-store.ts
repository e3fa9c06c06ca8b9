// A bucket whose answers go wrong as a world has it: refusals, outages, pages
// that are empty, overlap, lie in no order or ignore where to start. Counts
// what went wrong, for the oracle.

import type {
  GetRequest,
  ListPage,
  ListRequest,
  ObjectBytes,
  ObjectStore,
} from '../../../src/s3/object-store.ts'
import { SourceError } from '../../../src/s3/errors/source-error.ts'
import { MemoryStore } from '../s3/memory-store.ts'
import type { PageFault } from './history.ts'

/** What is wrong with the answers now. */
export interface Faults {
  lists: 'access' | 'network' | undefined
  gets: 'access' | 'network' | undefined
  /** Objects that are refused for now. */
  isRefused(key: string): boolean
  /** What is answered wrongly for ever. */
  isCursed(key: string): boolean
  isCursedFolder(prefix: string): boolean
  pages: PageFault
}

/** What a cycle asked for and did not get. */
export interface Denied {
  lists: number
  gets: string[]
}

export class WorldStore implements ObjectStore {
  readonly bucket = new MemoryStore()
  faults: Faults
  denied: Denied = { lists: 0, gets: [] }
  /** Called before each answer. */
  onList: (signal?: AbortSignal) => Promise<void> = () => Promise.resolve()
  onGet: (signal?: AbortSignal) => Promise<void> = () => Promise.resolve()

  constructor(faults: Faults) {
    this.faults = faults
  }

  async list(request: ListRequest): Promise<ListPage> {
    await this.onList(request.signal)
    expectOpen(request.signal)
    const { lists, pages } = this.faults
    if (lists !== undefined || this.faults.isCursedFolder(request.prefix)) {
      this.denied.lists++
      throw lists === undefined
        ? cursed(request.prefix)
        : FAILURES[lists](request.prefix)
    }
    return this.#page(request, pages)
  }

  async get(request: GetRequest): Promise<ObjectBytes> {
    await this.onGet(request.signal)
    expectOpen(request.signal)
    const { key } = request
    const { gets, isRefused, isCursed } = this.faults
    const error = gets
      ? FAILURES[gets](key)
      : isRefused(key)
        ? FAILURES.access(key)
        : isCursed(key)
          ? cursed(key)
          : undefined
    if (error === undefined) return this.bucket.get(request)
    this.denied.gets.push(key)
    throw error
  }

  async #page(request: ListRequest, fault: PageFault): Promise<ListPage> {
    const { token } = request
    if (fault === 'deaf' && token === undefined)
      return this.bucket.list({ ...request, startAfter: '' })
    if (fault === 'empty' && token?.includes('"seen"') !== true) {
      const from =
        token === undefined
          ? { after: request.startAfter, afterPrefix: false }
          : (JSON.parse(token) as object)
      return {
        objects: [],
        folders: [],
        next: JSON.stringify({ ...from, seen: true }),
      }
    }
    const page = await this.bucket.list(request)
    if (fault === 'unordered') page.objects.reverse()
    const { objects, folders, next } = page
    const before = objects.at(-2)
    if (
      fault === 'overlap' &&
      next !== undefined &&
      before &&
      folders.length === 0
    )
      return {
        ...page,
        next: JSON.stringify({ after: before.key, afterPrefix: false }),
      }
    return page
  }
}

const FAILURES = {
  access: (name: string) =>
    new SourceError(`reading ${name}: AccessDenied`, {
      code: 'AccessDenied',
      kind: 'access',
    }),
  network: (name: string) =>
    new SourceError(`reading ${name}: ServiceUnavailable`, {
      code: 'ServiceUnavailable',
      kind: 'network',
    }),
}

const cursed = (name: string): SourceError =>
  new SourceError(`reading ${name}: SignatureDoesNotMatch; check the key`, {
    code: 'SignatureDoesNotMatch',
    kind: 'access',
    affectsAll: true,
  })

function expectOpen(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return
  throw new SourceError('cut off', { code: 'AbortError', kind: 'network' })
}
