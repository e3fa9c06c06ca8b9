// The folders of an account in which CloudTrail files events.

/** Lists the names of these folders; `CloudTrail-Digest` and `CloudTrail-Lake` hold no events. */
export const cloudTrailFolders = [
  'CloudTrail',
  'CloudTrail-Insight',
  'CloudTrail-NetworkActivity',
  'CloudTrail-Aggregated',
] as const

export type CloudTrailFolder = (typeof cloudTrailFolders)[number]

/** Finds the first of these folders in a path below AWSLogs, and the path above it; a trail's prefix may have any name. */
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
