// Runs one cycle of the program and holds what came out to what was due: a
// cycle that printed a line too few or too many has no figures.

import { measure, type Place, type Usage } from './measure.ts'

/** What one cycle used, printed and asked S3 for. */
export interface Cycle extends Usage {
  outputBytes: number
  lists: number
  gets: number
}

/** Runs a cycle whose stdout a shell command reads that says lines and bytes; throws unless exactly `due` records came. */
export async function runCycle(
  place: Place,
  program: string,
  ini: string,
  reader: string,
  due: number,
): Promise<Cycle> {
  const args = [program, 'collect', '--config', ini]
  const { usage, read, stderr } = await measure(place, args, reader)
  const [lines = Number.NaN, bytes = Number.NaN] = read
    .trim()
    .split(/\s+/)
    .map(Number)
  const summary = JSON.parse(
    stderr.split('\n').find(line => line.includes('"event":"summary"')) ?? '{}',
  ) as { [name: string]: unknown }
  const number = (name: string) => Number(summary[name])
  if (
    lines !== due ||
    number('records') !== due ||
    number('bytes_out') !== bytes
  )
    throw new Error(
      `expected ${due} lines of ${program}, read ${lines} of ${bytes} bytes; it said ${stderr.slice(-2000)}`,
    )
  return {
    ...usage,
    outputBytes: bytes,
    lists: number('lists'),
    gets: number('gets'),
  }
}
