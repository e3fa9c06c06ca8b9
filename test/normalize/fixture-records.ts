// Reads the sample logs for the tests of this folder without any code of the
// program: whole files, JSON.parse and split.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { JsonObject } from './members-of.ts'

const fixtures = 'test/fixtures'

/** Reads a fixture as text, unpacked. */
export function fixtureText(path: string): string {
  const bytes = readFileSync(join(fixtures, path))
  return (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString()
}

/** Reads the events of a CloudTrail fixture; a file without `Records` or an array is one event. */
export function fixtureEvents(path: string): JsonObject[] {
  let content: unknown = JSON.parse(fixtureText(path))
  if (path.includes('streamalert/'))
    content = (content as { data: unknown }[])[0]?.data
  const { Records: records = content } = content as { Records?: unknown }
  return (Array.isArray(records) ? records : [records]) as JsonObject[]
}

/** Lists each fixture with its bytes, as it is and as its README says: a formatter let loose on them would change what the tests prove. */
export function fixtureSizes(): { path: string; is: number; was: number }[] {
  let folder = ''
  return fixtureText('README.md')
    .split('\n')
    .flatMap(line => {
      folder = /^## (\S+)$/.exec(line)?.[1] ?? folder
      const cells = line.split(' | ')
      const file = /^\| `(.*)`$/.exec(cells[0]?.trim() ?? '')?.[1]
      if (file === undefined) return []
      const path = `${folder}/${file}`
      const is = statSync(join(fixtures, path)).size
      return { path, is, was: Number(cells[4]) }
    })
}

/** Lists the CloudTrail fixtures. */
export function cloudTrailFixtures(): string[] {
  return readdirSync(join(fixtures, 'cloudtrail')).flatMap(folder =>
    readdirSync(join(fixtures, 'cloudtrail', folder)).map(
      file => `cloudtrail/${folder}/${file}`,
    ),
  )
}
