// CloudTrail events to measure with: the real ones among the fixtures, each
// time with a fresh eventID, requestID and eventTime.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { uuid, type Random } from './random.ts'

const SOURCES = ['grycap', 'invictus', 'umccr-flaws']
const HOUR = 3_600_000

/** Makes the JSON texts of events without end; their times lie in the three hours before `end`. */
export function* cloudTrailRecords(
  random: Random,
  end: number,
): Generator<string, never> {
  // npm runs scripts at the package's root.
  const root = join(process.cwd(), 'test', 'fixtures', 'cloudtrail')
  const templates = SOURCES.flatMap(source => templatesOf(join(root, source)))
  for (;;) {
    const time = new Date(end - random.below(3 * HOUR)).toISOString()
    const fresh = ['', '', `${time.slice(0, 19)}Z`]
    fresh[0] = uuid(random)
    fresh[1] = uuid(random)
    yield random
      .pick(templates)
      .map(piece => (typeof piece === 'number' ? fresh[piece] : piece))
      .join('')
  }
}

const MARKS = ['<eventID>', '<requestID>', '<eventTime>']

// A template is text with the numbers of what is put in between.
function templatesOf(folder: string): (string | number)[][] {
  return readdirSync(folder)
    .filter(name => name.endsWith('.json.gz'))
    .flatMap(name => {
      const text = String(gunzipSync(readFileSync(join(folder, name))))
      const { Records } = JSON.parse(text) as { Records: object[] }
      return Records.map(templateOf)
    })
}

function templateOf(event: object): (string | number)[] {
  const marked: { [name: string]: unknown } = { ...event }
  for (const mark of MARKS) {
    const name = mark.slice(1, -1)
    if (typeof marked[name] === 'string') marked[name] = mark
  }
  return JSON.stringify(marked)
    .split(/(<eventID>|<requestID>|<eventTime>)/)
    .map(piece => (MARKS.includes(piece) ? MARKS.indexOf(piece) : piece))
}
