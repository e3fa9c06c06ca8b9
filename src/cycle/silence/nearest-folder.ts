// Finds where a FilePath leaves the existing folders: its deepest parent that
// holds anything, the names in it, and the one that was likely meant.

import { said, some } from '../../report/words.ts'
import { s3Url, type ObjectStore } from '../../s3/object-store.ts'
import { pages } from '../../s3/pages.ts'
import type { Settings } from '../../settings/settings-table.ts'
import { nearestName } from '../../settings/nearest-name.ts'

const MAX_PAGES = 5

/** Describes the folders that exist in place of a FilePath that holds nothing. */
export async function nearestFolder(
  { BucketName, FilePath }: Pick<Settings, 'BucketName' | 'FilePath'>,
  store: Pick<ObjectStore, 'list'>,
  signal: AbortSignal,
): Promise<string> {
  const segments = FilePath.split('/').slice(0, -1)
  while (segments.length > 0) {
    const missing = segments.pop() ?? ''
    const parent = segments.map(name => `${name}/`).join('')
    const url = s3Url(BucketName, parent)
    let names: string[] | undefined
    try {
      names = await namesIn(parent, store, signal)
    } catch (error) {
      return `${url} cannot be listed: ${said(error)}`
    }
    if (names === undefined) continue
    if (names.length === 0)
      return `${url} holds objects, but no folder ${missing}/ nor any other`
    const nearest = nearestName(missing, names)
    const hint =
      nearest === undefined ? '' : `; did you mean ${parent}${nearest}/?`
    return `${url} has no folder ${missing}/; it has ${some(names.map(name => `${name}/`))}${hint}`
  }
  return `the bucket ${BucketName} is empty`
}

// Undefined if it is empty.
async function namesIn(
  parent: string,
  store: Pick<ObjectStore, 'list'>,
  signal: AbortSignal,
): Promise<string[] | undefined> {
  const names: string[] = []
  let isEmpty = true
  const request = { prefix: parent, delimiter: true, startAfter: '', signal }
  for await (const page of pages(store, request, MAX_PAGES)) {
    for (const folder of page.folders)
      names.push(folder.slice(parent.length, -1))
    isEmpty &&= page.folders.length + page.objects.length === 0
  }
  return isEmpty ? undefined : names
}
