// Measures one row: the floor and then the programs, as often as asked, so
// that what else the machine does falls on all of them.

import { copyFileSync, existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BucketReady } from './bucket.ts'
import { fillCursor } from './fill-cursor.ts'
import { keysPath } from './floor-file.ts'
import { measure, type Place, type Usage } from './measure.ts'
import { runCycle, type Cycle } from './run-cycle.ts'
import type { Group, Row } from './rows.ts'
import { iniText } from './ini-text.ts'

/** What one program did in each round. */
export interface Samples {
  program: string
  cycles: Cycle[]
  /** Bytes on disk of each object that was added to the cursor. */
  cursorBytes: number | undefined
}

/** What a row came to; the floors' usage by round, where there are any. */
export interface RowSamples {
  floors: Usage[]
  /** That of a process that also gets the objects. */
  getFloors: Usage[]
  programs: Samples[]
}

/** Measures a row in so many rounds; throws when a cycle did not print exactly what was due. */
export async function runRow(
  place: Place,
  { bucket }: Group,
  row: Row,
  ready: BucketReady,
  programs: readonly string[],
  runs: number,
): Promise<RowSamples> {
  const ini = join(place.folder, 'awsS3CloudTrail.ini')
  writeFileSync(ini, iniText(ready.endpoint, bucket.logType, row.settings))
  const due = row.idle ? 0 : ready.records
  const reader = row.hostSpeed
    ? `"${process.execPath}" "${join(place.programs, 'slow-reader.cjs')}" ${row.hostSpeed}`
    : 'wc -lc'
  const result: RowSamples = { floors: [], getFloors: [], programs: [] }
  for (const [i, program] of programs.entries()) {
    const saved = `${ini}.before-${i}`
    clearCursor(ini)
    if (row.idle) await runCycle(place, program, ini, 'wc -lc', ready.records)
    const cursorBytes = row.committed
      ? await fillCursor(`${ini}.cursor`, bucket, row.committed, ready.now)
      : undefined
    rmSync(saved, { force: true })
    if (existsSync(`${ini}.cursor`)) copyFileSync(`${ini}.cursor`, saved)
    result.programs.push({ program, cycles: [], cursorBytes })
  }
  for (let round = 0; round < runs; round++) {
    if (!row.idle && row.floor !== false) {
      const { logType } = bucket
      const path = join(place.folder, 'floor')
      const get = ['floor-get.cjs', logType, keysPath(path), ready.endpoint]
      const floor = ['floor.cjs', logType, path]
      result.floors.push(await runFloor(place, floor, due))
      // Parquet is more than gzip and lines.
      if (bucket.parquetGroups === undefined)
        result.getFloors.push(await runFloor(place, get, due))
    }
    for (const [i, { program, cycles }] of result.programs.entries()) {
      clearCursor(ini)
      const saved = `${ini}.before-${i}`
      if (existsSync(saved)) copyFileSync(saved, `${ini}.cursor`)
      cycles.push(await runCycle(place, program, ini, reader, due))
    }
  }
  return result
}

function clearCursor(ini: string): void {
  for (const end of ['.cursor', '.cursor.late', '.cursor.lock'])
    rmSync(ini + end, { force: true })
}

async function runFloor(
  place: Place,
  [program = '', ...args]: readonly string[],
  due: number,
): Promise<Usage> {
  const floor = [join(place.programs, program), ...args]
  const { usage, read } = await measure(place, floor, 'cat')
  const { records } = JSON.parse(read) as { records: number }
  if (records !== due)
    throw new Error(`the floor read ${records} records, expected ${due}`)
  return usage
}
