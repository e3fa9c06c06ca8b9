// Reads digest files, one or a few ahead: the bytes, which must be exactly one gzip member, its
// metadata, and the hash that is signed. A fault in it is a finding; the
// reading of others continues.

import { hash } from 'node:crypto'
import type { Clock } from '../../clock.ts'
import { DecodeError } from '../../decode/decode-error.ts'
import { wholeMember } from '../../decode/one-member.ts'
import { openBody } from '../../fetch/body.ts'
import { inOrder } from '../../find/pool.ts'
import { messageOf } from '../../report/words.ts'
import { SourceError } from '../../s3/errors/source-error.ts'
import type { Headers } from '../../s3/http/answer-head.ts'
import type { ObjectStore } from '../../s3/object-store.ts'
import { timeOf, type DigestName } from './digest-name.ts'
import type { SeenDigest } from './digest-trust.ts'
import { DigestError, readDigest } from './digest.ts'
import { fault, type Finding } from './digest-finding.ts'
import { inReadingTime } from './reading-time.ts'

/** A digest file as it was listed; its size in bytes. */
export interface ListedDigest {
  key: string
  size: number
  name: DigestName
}

/** The access to the bucket of the digests. */
export interface DigestReading {
  store: ObjectStore
  clock: Clock
  signal: AbortSignal
}

/** The bytes of a digest file and the headers with its metadata, or the error of the request. */
export type DigestBody =
  { body: Buffer; metadata: Headers } | { error: unknown }

/** A digest, its plain bytes (empty if it could not be read), and its fault. */
export interface InspectedDigest {
  seen: SeenDigest
  plain: Buffer
  finding?: Finding
  error?: unknown
}

// Room for 90,000 logs an hour. Hash and signature need it whole.
const MAX_PLAIN = 32 * 1024 * 1024
const MAX_BODY = 16 * 1024 * 1024
const MAX_SIGNATURE = 4096
const NONE = Buffer.alloc(0)
const AT_ONCE = 8
// Larger digests are read alone, in their turn.
const MAX_AHEAD_BYTES = 256 * 1024

/** Gets the bytes of a digest file; never rejects. */
export async function fetchDigest(
  listed: ListedDigest,
  reading: DigestReading,
): Promise<DigestBody> {
  const { size } = listed
  try {
    if (size > MAX_BODY)
      throw new DigestError(`it has ${size} bytes, and ${MAX_BODY} is the most`)
    return await inReadingTime(listed, reading, signal =>
      readBody(listed, { ...reading, signal }),
    )
  } catch (error) {
    return { error }
  }
}

async function readBody(
  { key, size }: ListedDigest,
  { store, clock, signal }: DigestReading,
): Promise<DigestBody> {
  const wanted = { key, etag: undefined, size }
  const body = await openBody(wanted, store, clock, signal)
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of body.chunks) {
    signal.throwIfAborted()
    pieces.push(piece)
    length += piece.length
    if (length > MAX_BODY)
      throw new DigestError(`it has more than ${MAX_BODY} bytes`)
  }
  return { body: Buffer.concat(pieces), metadata: body.headers ?? {} }
}

/** Parses the bytes of a digest file. */
export async function inspectDigest(
  { key, name }: ListedDigest,
  got: DigestBody,
): Promise<InspectedDigest> {
  const unread = { key, name, digest: undefined, hash: '' }
  if ('error' in got) {
    const { error } = got
    const code = error instanceof DigestError ? 'malformed' : 'unreadable'
    const seen = { ...unread, signature: '', generated: undefined }
    const finding = fault(code, key, messageOf(error))
    return { seen, plain: NONE, error, finding }
  }
  const seen = { ...unread, ...signatureIn(got.metadata) }
  try {
    const plain = await wholeMember(got.body, MAX_PLAIN)
    seen.hash = hash('sha256', plain, 'hex')
    return { seen: { ...seen, digest: readDigest(plain) }, plain }
  } catch (error) {
    if (!(error instanceof DecodeError || error instanceof DigestError))
      throw error
    const message = `it is no digest as CloudTrail writes it: ${error.message}`
    return { seen, plain: NONE, finding: fault('malformed', key, message) }
  }
}

function signatureIn(metadata: Headers): {
  signature: string
  generated: number | undefined
} {
  const signature = (metadata['x-amz-meta-signature'] ?? '').trim()
  const made = metadata['x-amz-meta-backfill-generation-timestamp']
  return {
    signature: signature.slice(0, MAX_SIGNATURE).toLowerCase(),
    generated: made === undefined ? undefined : timeOf(made.trim()),
  }
}

/** Tells whether an error affects this object alone, so that the next may be read. */
export const isOwnFault = (error: unknown): boolean =>
  !(error instanceof SourceError && error.affectsAll)

/** Reads digests in order, several ahead; throws an error of all requests. */
export async function* readAhead(
  listed: readonly ListedDigest[],
  isWanted: (digest: ListedDigest) => boolean,
  source: DigestReading,
): AsyncGenerator<InspectedDigest> {
  function* wanted(): Generator<ListedDigest> {
    for (const digest of listed) if (isWanted(digest)) yield digest
  }
  const begin = async (digest: ListedDigest) => ({
    digest,
    got:
      digest.size > MAX_AHEAD_BYTES
        ? undefined
        : await fetchDigest(digest, source),
  })
  for await (const { digest, got } of inOrder(wanted(), AT_ONCE, begin)) {
    if (!isWanted(digest)) continue
    const body = got ?? (await fetchDigest(digest, source))
    source.signal.throwIfAborted()
    if ('error' in body && !isOwnFault(body.error)) throw body.error
    yield await inspectDigest(digest, body)
  }
}
