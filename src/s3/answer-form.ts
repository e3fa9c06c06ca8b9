// Describes an answer that is not a listing page: a portal that wants a login,
// an API of another kind, and a cut page need different remedies.

const ROOT =
  /^(?:<\?[^>]*>|<!--.*?-->|\s)*<(?:[\w.-]+:)?([A-Za-z][\w.-]{0,60})/s
const HTML = /^(?:<!--.*?-->|\s)*<(?:!doctype\s+html|html|head|body)\b/is
// The form shows at the start.
const LOOKED_AT = 2000

/** Describes a text that should have been a ListBucketResult, such as `an HTML page`. */
export function formOf(text: string): string {
  const start = text
    .slice(0, LOOKED_AT)
    .replace(/^\uFEFF/, '')
    .trimStart()
  if (start === '') return 'empty'
  if (HTML.test(start))
    return 'an HTML page, as from a portal, a login or a proxy'
  if (/^[{[]/.test(start)) return 'JSON, which S3 never answers with'
  const root = ROOT.exec(start)?.[1]
  if (root === 'ListBucketResult')
    return 'a listing page that is broken or was cut'
  return root === undefined ? 'a text of another kind' : `a document ${root}`
}
