// Reads the digests of a day in their order, a few ahead of the one that is
// looked at.

import { inOrder } from '../../find/pool.ts'
import {
  fetchDigest,
  inspectDigest,
  isOwnFault,
  type DigestReading,
  type InspectedDigest,
  type ListedDigest,
} from './read-digest.ts'

const AT_ONCE = 8
// Larger ones are read in their turn alone.
const MAX_AHEAD_BYTES = 256 * 1024
/** Reads digests in their order, several ahead; throws what affects all requests. */
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
