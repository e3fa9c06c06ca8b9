// Measures the built program: speed, CPU beside its floor, memory and requests
// of one cycle each, on buckets of its own making. Options: --only NAME and
// --program FILE (both may be given several times; versions take turns),
// --runs N, --scale X, --seed N, --json, --markdown.

import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { measure, type Place } from './measure.ts'
import { resultOf, type Result } from './result.ts'
import { groupsOf } from './rows.ts'
import { runGroup } from './run-group.ts'
import { legend, markdownTable, textTable } from './table.ts'

async function bench(place: Place): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true, default: [] },
      program: {
        type: 'string',
        multiple: true,
        default: [join('dist', 'lr-s3-input.cjs')],
      },
      runs: { type: 'string', default: '3' },
      scale: { type: 'string', default: '1' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      markdown: { type: 'boolean', default: false },
    },
  })
  const runs = Number(values.runs)
  const seed = Number(values.seed)
  const programs = values.program.map(path => resolve(path))
  const isWanted = ({ name }: { name: string }): boolean =>
    values.only.length === 0 || values.only.includes(name)
  const results: Result[] = []
  if (isWanted({ name: 'node' })) results.push(await bareNode(place, runs))
  for (const { bucket, rows } of groupsOf(Number(values.scale))) {
    const group = { bucket, rows: rows.filter(isWanted) }
    if (group.rows.length > 0)
      results.push(...(await runGroup(place, group, programs, runs, seed)))
  }
  if (results.length === 0)
    throw new Error(`no row is called ${values.only.join(' or ')}`)
  const machine = {
    node: process.version,
    cpu: cpus()[0]?.model ?? '',
    cores: cpus().length,
    runs,
    seed,
  }
  const said = Object.entries(machine)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ ...machine, scale: Number(values.scale), rows: results }, null, 1)}\n`
      : values.markdown
        ? `${markdownTable(results)}\n`
        : `${textTable(results)}\n\n${legend}\n${said}\n`,
  )
}

async function bareNode(place: Place, runs: number): Promise<Result> {
  const about = { name: 'node', title: 'node -e 0', program: '' }
  const nothing = { objects: 0, records: 0, plainBytes: 0 }
  const cycles = []
  for (let i = 0; i < runs; i++) {
    const { usage } = await measure(place, ['-e', '0'], 'cat')
    cycles.push({ ...usage, outputBytes: 0, lists: 0, gets: 0 })
  }
  return resultOf(about, nothing, cycles, [])
}

const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => stop.abort(new Error(`stopped by ${signal}`)))
const folder = mkdtempSync(join(tmpdir(), 'lr-s3-input-bench-'))
const programs = dirname(resolve(process.argv[1] ?? ''))

bench({ programs, folder, signal: stop.signal })
  .catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error)
    process.stderr.write(`The bench failed: ${reason}\n`)
    process.exitCode = 1
  })
  .finally(() => rmSync(folder, { recursive: true, force: true }))
