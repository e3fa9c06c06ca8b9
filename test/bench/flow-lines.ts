// Flow log lines to measure with: the real ones among the fixtures that carry
// data (the dearer kind), with fresh interfaces, addresses, ports and times.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Random } from './random.ts'

const SAMPLE = 'aws_vpc_flow-raw.lines1-250.with-header.log.gz'

/** The header line that S3 delivery writes first. */
export const flowHeader =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol ' +
  'packets bytes start end action log-status'

/** Makes lines without end in the default 14 columns, of the minute that ends at `end`. */
export function* flowLines(
  random: Random,
  end: number,
): Generator<string, never> {
  const root = join(process.cwd(), 'test', 'fixtures', 'vpcflow', 'opensearch')
  const rows = String(gunzipSync(readFileSync(join(root, SAMPLE))))
    .split('\n')
    .map(line => line.split(' '))
    .filter(fields => fields.at(-1) === 'OK')
  const interfaces = Array.from({ length: 40 }, () => `eni-${random.text(17)}`)
  const address = () =>
    `10.${random.below(4)}.${random.below(256)}.${random.below(256)}`
  const seconds = Math.floor(end / 1000) - 60
  for (;;) {
    const fields = [...random.pick(rows)]
    fields[2] = random.pick(interfaces)
    fields[3] = address()
    if (random.below(2) === 0) fields[4] = address()
    fields[5] = String(1024 + random.below(64512))
    fields[10] = String(seconds + random.below(20))
    fields[11] = String(seconds + 20 + random.below(40))
    yield fields.join(' ')
  }
}
