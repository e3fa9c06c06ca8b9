// Reads the digests of a day in order, a few ahead of the current one.

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
// Larger digests are read alone, in their turn.
const MAX_AHEAD_BYTES = 256 * 1024
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
