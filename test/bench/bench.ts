// Measures the built program: speed, CPU beside its floor, memory and requests
// of one cycle each, on buckets of its own making. Options: --only NAME and
// --program FILE (both may be given several times; versions take turns),
// --runs N, --scale X, --seed N, --json, --markdown.

import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { measure, type Place } from './measure.ts'
import { report } from './report.ts'
import { resultOf, type Result } from './result.ts'
import { groupsOf } from './rows.ts'
import { runGroup } from './run-group.ts'

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
  const runs = positive('runs', values.runs)
  const seed = positive('seed', values.seed)
  const scale = positive('scale', values.scale)
  const programs = values.program.map(path => resolve(path))
  const isWanted = ({ name }: { name: string }): boolean =>
    values.only.length === 0 || values.only.includes(name)
  const rows: Result[] = []
  if (isWanted({ name: 'node' })) rows.push(await bareNode(place, runs))
  for (const group of groupsOf(scale)) {
    const wanted = { ...group, rows: group.rows.filter(isWanted) }
    if (wanted.rows.length > 0)
      rows.push(...(await runGroup(place, wanted, programs, runs, seed)))
  }
  const missing = values.only.filter(
    only => !rows.some(({ name }) => name === only),
  )
  if (missing.length > 0) throw new Error(`no row is called ${missing.join()}`)
  const run = {
    node: process.versions.node,
    processor: cpus()[0]?.model ?? '',
    cores: cpus().length,
    runs,
    seed,
    scale,
    rows,
  }
  const form = values.json ? 'json' : values.markdown ? 'markdown' : 'text'
  process.stdout.write(`${report(run, form)}\n`)
}

function positive(name: string, text: string): number {
  const value = Number(text)
  if (value > 0) return value
  throw new Error(`--${name} must be a number above 0, not ${text}`)
}

async function bareNode(place: Place, runs: number): Promise<Result> {
  const about = { name: 'node', title: '`node -e 0`', program: '' }
  const nothing = { objects: 0, records: 0, plainBytes: 0 }
  const cycles = []
  for (let i = 0; i < runs; i++) {
    const { usage } = await measure(place, ['-e', '0'], 'cat')
    cycles.push({ ...usage, outputBytes: 0, lists: 0, gets: 0 })
  }
  return resultOf(about, nothing, cycles, {
    floors: [],
    getFloors: [],
  })
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
  .finally(() => rmSync(folder, { recursive: true, maxRetries: 3 }))
