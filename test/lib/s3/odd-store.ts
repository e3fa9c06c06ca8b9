// A bucket in memory that lists as some S3-compatible stores do: in another
// order, with empty or overlapping pages, without a mind for StartAfter, and
// with tokens that hold for a while only or lead in a circle.

import type { ListPage, ListRequest } from '../../../src/s3/object-store.ts'
import { SourceError } from '../../../src/s3/errors/source-error.ts'
import { fingerprint } from '../../../src/cursor/fingerprint-set.ts'
import { MemoryStore } from './memory-store.ts'

/** In what a store differs from S3. */
export interface Oddities {
  ignoresStartAfter: boolean
  /** Gives the name that StartAfter names, too. */
  includesStartAfter: boolean
  order: 'bytes' | 'utf16' | 'reversed' | 'mixed'
  /** How many names of a page come again in the next. */
  overlap: number
  /** How many empty pages come before each other. */
  empty: number
  /** Tokens hold for ever, until `generation` changes, or lead back to the first page: one token, two by turns, or ever new ones. */
  tokens: 'hold' | 'expire' | 'circle' | 'alternate' | 'fresh'
}

export const LIKE_S3: Oddities = {
  ignoresStartAfter: false,
  includesStartAfter: false,
  order: 'bytes',
  overlap: 0,
  empty: 0,
  tokens: 'hold',
}

interface Token {
  startAfter: string
  at: number
  empty: number
  generation: number
  turn: number
}

const CIRCLES = { hold: 0, expire: 0, circle: 1, alternate: 2, fresh: Infinity }

const bytes = (a: string, b: string): number =>
  Buffer.compare(Buffer.from(a), Buffer.from(b))

const mixed = (name: string): bigint => fingerprint(name, 0)

export class OddStore extends MemoryStore {
  oddities: Oddities = LIKE_S3
  /** Tokens of another one have expired. */
  generation = 0
  /** Names to a page. */
  perPage = 1000
  override pageSize = 1e9

  override async list(request: ListRequest): Promise<ListPage> {
    const { ignoresStartAfter, includesStartAfter, overlap, empty, tokens } =
      this.oddities
    const size = this.perPage
    const first = { ...request, startAfter: '', token: undefined }
    const at = this.lists.length
    const whole = await super.list(first)
    // As the caller asked, for tests that look at it.
    this.lists[at] = request
    const token: Token = request.token
      ? (JSON.parse(request.token) as Token)
      : {
          startAfter: request.startAfter,
          at: 0,
          empty,
          generation: this.generation,
          turn: 0,
        }
    if (tokens === 'expire' && token.generation !== this.generation)
      throw new SourceError('listing: the token has expired', {
        code: 'InvalidArgument',
        kind: 'object',
      })
    const { startAfter } = token
    const names = this.#inOrder([
      ...whole.objects.map(({ key }) => key),
      ...whole.folders,
    ]).filter(
      name =>
        ignoresStartAfter ||
        bytes(name, startAfter) > 0 ||
        (includesStartAfter && name === startAfter),
    )
    const isEmpty = token.empty > 0
    const end = isEmpty ? token.at : token.at + size
    const page = new Set(names.slice(token.at, end))
    const circle = CIRCLES[tokens]
    const next: Token = {
      startAfter,
      at:
        circle > 0 ? 0 : isEmpty ? end : Math.max(end - overlap, token.at + 1),
      empty: isEmpty ? token.empty - 1 : empty,
      generation: this.generation,
      turn: circle > 0 ? (token.turn + 1) % circle : 0,
    }
    return {
      objects: this.#inOrder(whole.objects, ({ key }) => key).filter(
        ({ key }) => page.has(key),
      ),
      folders: this.#inOrder(whole.folders).filter(name => page.has(name)),
      next: end < names.length ? JSON.stringify(next) : undefined,
    }
  }

  #inOrder<T>(names: readonly T[], nameOf: (name: T) => string = String): T[] {
    const { order } = this.oddities
    const compare = (a: string, b: string): number => {
      if (order === 'utf16') return a < b ? -1 : 1
      if (order === 'reversed') return bytes(b, a)
      if (order === 'mixed') return mixed(a) < mixed(b) ? -1 : 1
      return bytes(a, b)
    }
    return names.toSorted((a, b) => compare(nameOf(a), nameOf(b)))
  }
}
