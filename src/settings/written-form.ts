// Finds habits of writing that an ini takes as part of a value: quotes, a comment
// behind it, `s3://` before it, another case. Each message gives the right text,
// unless that may show a secret.

import { concealed } from '../report/conceal.ts'
import { nearestName } from './nearest-name.ts'
import type { Setting } from './setting-kinds.ts'

/** Reports quotes or a comment that count as part of a value, with the cure; '' if there are none. */
export function oddAround(text: string): string {
  if (/^(["']).*\1$/s.test(text))
    return 'is in quotes, which count as part of the value: remove them'
  if (/\s[;#]/.test(text))
    return 'holds a comment, which counts as part of the value: give the comment a line of its own'
  return ''
}

/** Suggests the right text for an invalid value; '' if there is no guess. */
export function meantBy(row: Setting, text: string): string {
  const around = oddAround(text)
  if (around !== '') return `; it ${around}`
  const hint = hintOf(row, text)
  // The hint would show parts of a text that is concealed as a whole.
  return hint === '' || concealed(text) !== text ? '' : `; ${hint}`
}

function hintOf(row: Setting, text: string): string {
  switch (row.kind) {
    case 'boolean':
      return didYouMean(nearestName(text, ['true', 'false', 'yes', 'no', 'on']))
    case 'choice':
      return didYouMean(nearestName(text, row.choices))
    case 'url':
      return /^[\w.-]+(:\d+)?(\/.*)?$/.test(text)
        ? 'begin it with https:// or http://'
        : ''
    case 'prefix':
      return `give the folder alone: FilePath=${folderOf(text)}`
    case 'text':
      return row.name === 'BucketName'
        ? bucketOf(text)
        : didYouMean(lowerCase(row.pattern, text))
    default:
      return ''
  }
}

const didYouMean = (name: string | undefined): string =>
  name === undefined ? '' : `did you mean ${name}?`

const lowerCase = (pattern: RegExp | undefined, text: string) =>
  pattern?.test(text.toLowerCase()) ? text.toLowerCase() : undefined

// The part after `s3://BUCKET/`.
const folderOf = (text: string): string =>
  text.replace(/^[a-z\d]+:\/\/[^/]*\/*/i, '')

const AWS_HOST = /^https?:\/\/([\w.-]+)\.s3[.-][\w.-]*amazonaws\.com/i

function bucketOf(text: string): string {
  const [, hosted] = AWS_HOST.exec(text) ?? []
  if (hosted !== undefined) return `give the name alone: BucketName=${hosted}`
  if (/^https?:\/\//i.test(text))
    return 'give the name alone, and the address of a store that is not AWS as Endpoint'
  const [, bucket, folder = ''] =
    /^(?:s3[an]?:\/\/)?([\w.-]+)(?:\/+(.*))?$/i.exec(text) ?? []
  if (bucket === undefined) return ''
  const rest = folder === '' ? '' : `, and the folder as FilePath=${folder}`
  return `give the name alone: BucketName=${bucket}${rest}`
}
