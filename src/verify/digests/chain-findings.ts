// The wording of the findings about the links between a chain's digests.

import { HOUR_MS, type Span } from './digest-hours.ts'
import { timeText, type DigestName } from './digest-name.ts'
import { fault, plainFault, warning, type Finding } from './digest-finding.ts'

/** An hour without a digest. */
export function gap({ from, to }: Span, more = ''): Finding {
  const hour = timeText(from)
  const message = `no digest covers ${hour} to ${timeText(to)}${more}`
  return { ...plainFault('gap', message), hour }
}

/** A digest that is named but not there; `by` is the key of the digest that names it. */
export function missing(key: string, { end }: DigestName, by: string): Finding {
  const message = `it is not there, though ${by} names it as the digest before it: it was deleted or moved`
  return { ...fault('missing', key, message), hour: timeText(end - HOUR_MS) }
}

/** A digest that names an impossible predecessor. */
export const misnamed = (key: string, named: string, why: string): Finding =>
  fault('order', key, `it names ${named} as the digest before it, which ${why}`)

/** A digest that has no successor. */
export const orphan = (key: string): Finding =>
  fault('order', key, 'no later digest names it as the digest before it')

/** A span before a starting digest. */
export const notRecorded = (key: string, { from, to }: Span): Finding => ({
  ...warning(
    'not-recorded',
    `CloudTrail began its digests anew with this one: no digest was made for the time from ${timeText(from)} to ${timeText(to)}`,
    key,
  ),
  span: { from, to },
})

/** A range without a digest for any of its hours; `since` is the end of the digests before it, in ms. */
export function uncovered({ from, to }: Span, since?: number): Finding {
  const span = [timeText(from), timeText(to)]
  const before =
    since === undefined
      ? ''
      : `; those before it end at ${timeText(since)}: later ones were deleted, or CloudTrail has ceased to write them (in the latter case, leave the folder out by RegionFolders or ExclusionDirectories)`
  const message = `no digest covers ${span.join(' to ')}, so nothing is proved for it${before}`
  return { ...plainFault('uncovered', message), hour: span.join('/') }
}

/** A trail that was stopped, according to CloudTrail's last digest. */
export const stopped = (since: number): Finding =>
  warning(
    'not-recorded',
    `no digests since ${timeText(since)}, when the trail was stopped: no later log lies there or was collected`,
  )

/** A digest whose predecessor lies in another bucket, and the span between, if any. */
export function inOtherBucket(
  key: string,
  bucket: string,
  { from, to }: Span,
): Finding {
  const between =
    to > from
      ? `; the digests from ${timeText(from)} to ${timeText(to)} are not in this bucket, so nothing is proved for that time`
      : ''
  const message = `the digest before it lies in bucket ${bucket}, where it is not looked for${between}`
  return warning('other-bucket', message, key)
}

/** A digest that was named and read, but never proved. */
export const unproved = (key: string): Finding =>
  fault(
    'order',
    key,
    'a later digest names it as the digest before it, yet nothing proves its content',
  )
