// Has a stand-in S3 list as no S3 does: its objects as an odd store in memory
// gives them, in pages whose words may be at odds as well.

import { listXml } from './s3-xml.ts'
import { LIKE_S3, OddStore, type Oddities } from './odd-store.ts'
import type { StandInS3 } from './stand-in-s3.ts'

/** In what the listings differ from S3's. */
export interface OddListing extends Partial<Oddities> {
  /** Names to a page. */
  perPage?: number
  /** Whatever prefix is asked for, all is listed. */
  isPrefixDeaf?: boolean
  /** Pages with a token say that nothing follows. */
  isCalledLast?: boolean
  /** Elements that pages lack. */
  lacks?: readonly string[]
}

/** Lists so from now on. */
export function listOddly(s3: StandInS3, odd: OddListing): void {
  const { perPage = 3, isPrefixDeaf, isCalledLast, lacks = [] } = odd
  s3.listing = async query => {
    const store = new OddStore()
    store.oddities = { ...LIKE_S3, ...odd }
    store.perPage = perPage
    for (const [key, { modified, size }] of s3.objects)
      store.put(key, modified, 'x', size)
    const asked = new Map(query)
    const prefix = asked.get('prefix') ?? ''
    const token = asked.get('continuation-token')
    const page = await store.list({
      prefix: isPrefixDeaf ? '' : prefix,
      delimiter: asked.has('delimiter'),
      startAfter: asked.get('start-after') ?? '',
      token: token && Buffer.from(token, 'base64').toString(),
    })
    const xml = listXml({
      name: s3.bucket,
      prefix,
      delimiter: asked.get('delimiter'),
      maxKeys: 1000,
      startAfter: asked.get('start-after'),
      token,
      nextToken: page.next && Buffer.from(page.next).toString('base64'),
      encodeUrl: asked.get('encoding-type') === 'url',
      contents: page.objects.flatMap(({ key }) => {
        const object = s3.objects.get(key)
        return object ? [[key, object] as const] : []
      }),
      commonPrefixes: page.folders,
    })
    const said = isCalledLast
      ? xml.replace(
          '<IsTruncated>true</IsTruncated>',
          '<IsTruncated>false</IsTruncated>',
        )
      : xml
    return lacks.reduce(
      (text, name) =>
        text.replaceAll(new RegExp(`<${name}>[^<]*</${name}>`, 'g'), ''),
      said,
    )
  }
}
