// Fingerprints in the form of a cursor's file: base64 text of 8 bytes each,
// big-endian, so that their order is that of their bytes.

/** Makes the text of fingerprints. */
export function encodeFingerprints(fingerprints: readonly bigint[]): string {
  const bytes = Buffer.alloc(fingerprints.length * 8)
  fingerprints.forEach((fingerprint, index) =>
    bytes.writeBigUInt64BE(fingerprint, index * 8),
  )
  return bytes.toString('base64')
}

/** Reads the fingerprints of a text; an incomplete one at the end is left out. */
export function decodeFingerprints(text: string): bigint[] {
  const bytes = Buffer.from(text, 'base64')
  const fingerprints: bigint[] = []
  for (let at = 0; at + 8 <= bytes.length; at += 8)
    fingerprints.push(bytes.readBigUInt64BE(at))
  return fingerprints
}
