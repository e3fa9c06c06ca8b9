// Reads made digests as verify finds them, and walks a chain of them without
// any bucket.

import { createHash, createPublicKey } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { DigestChain } from '../../../src/verify/digests/digest-chain.ts'
import type { ChainRange } from '../../../src/verify/digests/chain-cover.ts'
import { readDigestName } from '../../../src/verify/digests/digest-name.ts'
import type {
  CheckSignature,
  SeenDigest,
} from '../../../src/verify/digests/digest-trust.ts'
import { readDigest } from '../../../src/verify/digests/digest.ts'
import type { Finding } from '../../../src/verify/digests/digest-finding.ts'
import { signatureCheck } from '../../../src/verify/digests/signature.ts'
import type { MadeObject, SigningKey } from './chain-maker.ts'

/** Reads one digest that lies under its key. */
export function seen(object: MadeObject): SeenDigest {
  const name = readDigestName(object.key)
  if (name === undefined) throw new Error(`${object.key} is no digest`)
  const generated =
    object.metadata['x-amz-meta-backfill-generation-timestamp'] ?? ''
  const common = {
    key: object.key,
    name,
    signature: object.metadata['x-amz-meta-signature'] ?? '',
    generated: generated === '' ? undefined : Date.parse(generated),
  }
  try {
    const plain = gunzipSync(object.body)
    const hash = createHash('sha256').update(plain).digest('hex')
    try {
      return { ...common, digest: readDigest(plain), hash }
    } catch {
      return { ...common, digest: undefined, hash }
    }
  } catch {
    return { ...common, digest: undefined, hash: '' }
  }
}

/** Makes the check by some keys. */
export function checkBy(...keys: SigningKey[]): CheckSignature {
  return signatureCheck(
    new Map(
      keys.map(({ value, fingerprint, from, to }) => {
        const key = createPublicKey({
          key: Buffer.from(value, 'base64'),
          format: 'der',
          type: 'pkcs1',
        })
        return [fingerprint, [{ key, from, to }]]
      }),
    ),
  )
}

/** Walks one chain of digests, in the order of their ends, and gives all findings. */
export function walkChain(
  objects: readonly MadeObject[],
  range: ChainRange,
  check: CheckSignature,
  bucket = 'logs',
): Finding[] {
  const read = objects.map(seen).toSorted((a, b) => a.name.end - b.name.end)
  const seed = read.findLast(({ name }) => name.end <= range.from)
  const chain = new DigestChain(bucket, range, check, seed)
  const found: Finding[] = []
  for (const digest of read) {
    if (digest.name.end <= range.from || chain.isPast) continue
    found.push(...chain.add(digest))
  }
  found.push(...chain.finish())
  return found
}
