// Whatever answers come in whatever order, of the object, of what replaced it
// or of a proxy, what is fetched is one body whole, or nothing.

import fc from 'fast-check'
import t from 'tap'
import { fetchObject } from '../../src/fetch/fetch-object.ts'
import { Refusals } from '../../src/fetch/refusals.ts'
import { etagOr } from '../../src/s3/etag.ts'
import { objectAnswer } from '../../src/s3/object-answer.ts'
import type { GetRequest, ObjectBytes } from '../../src/s3/object-store.ts'
import { SourceError, sourceError } from '../../src/s3/errors/source-error.ts'
import { fetching, put } from '../lib/cycle/fetching.ts'
import { reset } from '../lib/s3/refusals.ts'

/** One answer to a GET. */
interface Answer {
  /** The object was replaced before. */
  replaced: boolean
  gives: 'asked' | 'whole' | 'other range' | 'none' | 'page'
  tells: { etag: boolean; modified: boolean; length: boolean }
  /** Where it breaks off, and how. */
  cut: number
  end: 'fault' | 'silence' | 'cycle'
}

const LISTED = { etag: true, modified: true, length: true }
const WHOLE: Answer = {
  replaced: false,
  gives: 'asked',
  tells: LISTED,
  cut: 99,
  end: 'fault',
}

const answers: fc.Arbitrary<Answer> = fc.record({
  replaced: fc.nat(9).map(n => n === 0),
  gives: fc.constantFrom(
    'asked',
    'asked',
    'asked',
    'whole',
    'other range',
    'none',
    'page',
  ),
  tells: fc.record({
    etag: fc.boolean(),
    modified: fc.boolean(),
    length: fc.boolean(),
  }),
  cut: fc.oneof(fc.nat(24), fc.constant(99)),
  end: fc.constantFrom('fault', 'silence', 'cycle'),
})

const lastModified = (version: number): number => version * 60_000

/** Bytes that tell of what and from where they are. */
const bytesOf = (version: number, size: number): Buffer =>
  Buffer.from(Array.from({ length: size }, (_, at) => version * 32 + at))

const PAGE = bytesOf(7, 9)

/** A bucket of one object that gives what is drawn, then all that is asked for. */
class DrawnBucket {
  version = 0
  endCycle: () => void = () => {}
  readonly #sizes: readonly number[]
  readonly #answers: Answer[]

  constructor(sizes: readonly number[], drawn: readonly Answer[]) {
    this.#sizes = sizes
    this.#answers = [...drawn]
  }

  get isDrawnOut(): boolean {
    return this.#answers.length === 0
  }

  get etag(): string {
    return `"${this.version}"`
  }

  get body(): Buffer {
    const size = this.#sizes[this.version % this.#sizes.length] ?? 1
    return bytesOf(this.version % 7, size)
  }

  async get(request: GetRequest): Promise<ObjectBytes> {
    const answer = this.#answers.shift() ?? WHOLE
    if (answer.replaced) this.version++
    const { body } = this
    const { from } = request
    if (answer.gives === 'none' && answer.cut > 9) throw reset
    if (answer.gives === 'none' || from > body.length)
      throw new SourceError('416', { code: 'InvalidRange', kind: 'object' })
    const isPage = answer.gives === 'page'
    const isWhole = isPage || answer.gives === 'whole' || from === 0
    const first = answer.gives === 'other range' ? (from + 3) % 20 : from
    const given = isPage ? PAGE : isWhole ? body : body.subarray(first)
    const { etag, modified, length } = answer.tells
    const headers = {
      ...(etag && { etag: isPage ? '"page"' : this.etag }),
      ...(modified && {
        'last-modified': new Date(
          isPage ? 0 : lastModified(this.version),
        ).toUTCString(),
      }),
      ...(length && { 'content-length': `${given.length}` }),
      ...(!isWhole && {
        'content-range': `bytes ${first}-${body.length - 1}/${body.length}`,
      }),
    }
    const facts = objectAnswer(headers, request, 'reading')
    return { ...facts, chunks: this.#chunks(given, answer) }
  }

  async *#chunks(given: Buffer, { cut, end }: Answer): AsyncGenerator<Buffer> {
    const kept = given.subarray(0, cut)
    for (let at = 0; at < kept.length; at += 2) yield kept.subarray(at, at + 2)
    if (kept.length === given.length) return
    // As long as another one is, it could not be told from it but by its content.
    if (end === 'silence' && !this.#sizes.includes(kept.length)) return
    if (end !== 'cycle') throw reset
    this.endCycle()
    throw sourceError(new DOMException('', 'AbortError'), 'reading')
  }
}

const sizes = fc.array(fc.constantFrom(20, 20, 17, 24), {
  minLength: 1,
  maxLength: 3,
})

t.test('what is fetched is one body whole, or nothing', async t => {
  await fc.assert(
    fc.asyncProperty(
      sizes,
      fc.array(answers, { maxLength: 12 }),
      fc.constantFrom(5, 100),
      fc.constantFrom('etag', 'stand-in', 'retry'),
      async (sizes, drawn, largeBytes, listing) => {
        const bucket = new DrawnBucket(sizes, drawn)
        const { store, clock, context, openSpool, folder } = fetching(t)
        store.get = request => bucket.get(request)
        const list = () => {
          const { body, version, etag } = bucket
          const modified = lastModified(version)
          const listed = put(store, folder, body.toString('latin1'), modified)
          const named =
            listing === 'stand-in'
              ? etagOr(undefined, body.length, () => modified)
              : etag
          const size = body.length
          return listing === 'retry'
            ? { ...listed, size, etag: undefined, lastEtag: named }
            : { ...listed, size, etag: named }
        }
        let last: Buffer | undefined
        for (let left = 3; left > 0;) {
          if (bucket.isDrawnOut) left--
          const end = new AbortController()
          bucket.endCycle = () => end.abort()
          const fetched = await clock.run(
            fetchObject(list(), {
              ...context,
              spool: openSpool(),
              refusals: new Refusals(),
              signal: end.signal,
              largeBytes,
            }),
          )
          last = undefined
          if (fetched?.end !== 'fetched') continue
          const { chunks } = fetched.body
          const pieces: Buffer[] = []
          if (Buffer.isBuffer(chunks)) pieces.push(chunks)
          else for await (const piece of chunks) pieces.push(Buffer.from(piece))
          last = Buffer.concat(pieces)
          const whole = Array.from({ length: bucket.version + 1 }, (_, v) =>
            bytesOf(v % 7, sizes[v % sizes.length] ?? 1),
          )
          if (![...whole, PAGE].some(one => last?.equals(one)))
            throw new Error(`a mix: ${last.join(' ')}`)
          await openSpool().remove(folder)
        }
        return last?.equals(bucket.body) ?? false
      },
    ),
    { numRuns: Number(process.env['RUNS'] ?? 100) },
  )
})
