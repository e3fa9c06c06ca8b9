// The folders of an account in which CloudTrail files events.

/** Names them; `CloudTrail-Digest` and `CloudTrail-Lake` hold none. */
export const cloudTrailFolders = [
  'CloudTrail',
  'CloudTrail-Insight',
  'CloudTrail-NetworkActivity',
  'CloudTrail-Aggregated',
] as const

export type CloudTrailFolder = (typeof cloudTrailFolders)[number]

/** Finds the first of them that a path below AWSLogs is or leads into, and what is above it; a trail's prefix may have any name. */
export function findCloudTrailFolder(
  path: string,
): { above: string; folder: CloudTrailFolder } | undefined {
  const names = path.split('/').filter(name => name !== '')
  const root = names.lastIndexOf('AWSLogs')
  if (root < 0) return undefined
  for (const [i, name] of names.entries()) {
    const folder = cloudTrailFolders.find(known => known === name)
    if (i <= root || folder === undefined) continue
    const above = names.slice(0, i).map(one => `${one}/`)
    return { above: above.join(''), folder }
  }
  return undefined
}
