// Shows the program at work, without AWS: real CloudTrail objects in a stand-in
// S3 on loopback, a user's ini, three runs of the built program. The story goes
// to stderr, the records to stdout as a host would read them; a terminal is shown
// one of them in their place. A wrong count is an error.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { gunzipSync } from 'node:zlib'
import ndjson from 'ndjson'
import { StandInS3 } from './lib/s3/stand-in-s3.ts'

const BUCKET = 'example-trail'
const KEY = { accessKeyId: 'AKIDEMO', secretAccessKey: 'a demo secret' }
const ACCOUNTS = ['111122223333', '444455556666'] as const
const DAY = 86_400_000

interface Sample {
  body: Buffer
  records: number
  time: string
  unique: string
}

interface Printed {
  [name: string]: unknown
}

/** What a run printed, by object, and what its summary line says. */
interface Run {
  records: number
  byObject: Map<unknown, number>
  /** A record to show. */
  shown: Printed | undefined
  summary: { [name: string]: unknown }
  code: number | null
}

const say = (line: string) => process.stderr.write(`${line}\n`)

// A reader that has seen enough (`| head`) is no reason to stop checking.
const readerGone = new AbortController()
process.stdout.on('error', () => readerGone.abort())

async function print(chunk: Buffer): Promise<void> {
  if (process.stdout.write(chunk)) return
  const { signal } = readerGone
  await once(process.stdout, 'drain', { signal }).catch(() => {})
}

function samples(): Sample[] {
  // npm runs scripts at the package's root.
  const root = join(process.cwd(), 'test', 'fixtures', 'cloudtrail')
  return ['grycap', 'invictus'].flatMap(source =>
    readdirSync(join(root, source))
      .filter(name => name.endsWith('.json.gz'))
      .map(name => {
        const body = readFileSync(join(root, source, name))
        const [, time = '', unique = ''] =
          /_\d{8}(T\d{4}Z)_(\w+)\.json\.gz$/.exec(name) ?? []
        const { Records } = JSON.parse(String(gunzipSync(body)))
        return { body, records: Records.length, time, unique }
      }),
  )
}

function objectKey(account: string, day: number, sample: Sample): string {
  const date = new Date(day).toISOString().slice(0, 10)
  const file = [
    account,
    'CloudTrail',
    'us-east-1',
    date.replaceAll('-', '') + sample.time,
    sample.unique,
  ].join('_')
  const folder = `AWSLogs/${account}/CloudTrail/us-east-1`
  return `${folder}/${date.replaceAll('-', '/')}/${file}.json.gz`
}

const settings = (endpoint: string) => `[AWS S3]
Region=us-east-1
BucketName=${BUCKET}
AccessKeyId=CHANGE_THIS
SecretAccessKey=CHANGE_THIS
LogType=CloudTrail
FilePath=AWSLogs/
StartupDelayInSeconds=0

[Plugin]
Endpoint=${endpoint}
ForcePathStyle=true
SweepMinutes=0
DiscoveryMinutes=0
`

async function collect(folder: string, ini: string): Promise<Run> {
  // Nothing of the user's own AWS set-up may reach the demo.
  const own = Object.entries(process.env).filter(([n]) => !/^AWS_/i.test(n))
  const child = spawn(
    process.execPath,
    [join('dist', 'lr-s3-input.cjs'), 'collect', '--config', ini],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...Object.fromEntries(own),
        HOME: folder,
        USERPROFILE: folder,
        AWS_ACCESS_KEY_ID: KEY.accessKeyId,
        AWS_SECRET_ACCESS_KEY: KEY.secretAccessKey,
      },
    },
  )
  const run: Run = {
    records: 0,
    byObject: new Map(),
    shown: undefined,
    summary: {},
    code: null,
  }
  const records = ndjson.parse()
  records.on('data', (record: Printed) => {
    const { s3_object: from, responsecode } = record
    if (responsecode === 'AccessDenied') run.shown ??= record
    run.byObject.set(from, (run.byObject.get(from) ?? 0) + 1)
    run.records++
  })
  const forward = async () => {
    for await (const chunk of child.stdout) {
      records.write(chunk)
      const isWanted = !process.stdout.isTTY && !readerGone.signal.aborted
      if (isWanted) await print(chunk)
    }
    records.end()
  }
  const tell = async () => {
    for await (const line of createInterface(child.stderr)) {
      const note = readNote(line)
      if (note?.['event'] === 'summary') run.summary = note
      else say(`    ${note?.['message'] ?? line}`)
    }
  }
  await Promise.all([
    once(child, 'close'),
    once(records, 'end'),
    forward(),
    tell(),
  ])
  run.code = child.exitCode
  return run
}

function readNote(line: string): { [name: string]: unknown } | undefined {
  try {
    const note: unknown = JSON.parse(line)
    return note && typeof note === 'object' ? { ...note } : undefined
  } catch {
    return undefined
  }
}

const COLUMNS = 96
const SHOWN_CHARACTERS = 60

/** Tells of a record, several fields a line; its source text is cut. */
function show(record: Printed): void {
  const lines = ['']
  for (const [name, value] of Object.entries(record)) {
    const text = JSON.stringify(value)
    const cut =
      name === 'original_message' ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text
    const field = `${JSON.stringify(name)}: ${cut}`
    const last = lines.at(-1) ?? ''
    const longer = last === '' ? field : `${last}, ${field}`
    if (longer.length <= COLUMNS) lines[lines.length - 1] = longer
    else lines.push(field)
  }
  say('   One of them, the end of its source text cut:')
  for (const line of lines) say(`    ${line}`)
}

/** Tells what a run did; throws when it is not what was to come. */
function check(run: Run, due: ReadonlyMap<string, number>): void {
  const { records, lists, gets, duration_ms: ms } = run.summary
  say(`    ${run.records} records; ${lists} LIST, ${gets} GET, ${ms} ms`)
  const total = [...due.values()].reduce((sum, n) => sum + n, 0)
  const wrong = [...due].filter(
    ([key, n]) => run.byObject.get(`s3://${BUCKET}/${key}`) !== n,
  )
  if (run.code !== 0) throw new Error(`exit code ${run.code}, expected 0`)
  if (run.records !== total || records !== total || wrong.length > 0) {
    throw new Error(
      `expected ${total} records of ${due.size} objects, got ${run.records} ` +
        `of ${run.byObject.size}, and the summary says ${records}`,
    )
  }
}

async function story(s3: StandInS3, folder: string, now: number) {
  const all = samples()
  const last = all.pop()
  if (!last) throw new Error('no samples in test/fixtures/cloudtrail')
  const due = new Map<string, number>()
  for (const [i, sample] of all.entries()) {
    const account = ACCOUNTS[i % 2] ?? ACCOUNTS[0]
    const key = objectKey(account, i % 4 < 2 ? now : now - DAY, sample)
    s3.put(key, sample.body)
    due.set(key, sample.records)
  }
  const ini = join(folder, 'awsS3CloudTrail.ini')
  writeFileSync(ini, settings(s3.endpoint), { mode: 0o600 })

  say(`A bucket with ${due.size} CloudTrail objects of two accounts, two days.`)
  say('1. The first cycle prints every record.')
  const first = await collect(folder, ini)
  check(first, due)
  if (process.stdout.isTTY && first.shown) show(first.shown)

  say('2. The second finds nothing new and prints nothing.')
  check(await collect(folder, ini), new Map())

  const early = { ...last, time: 'T0000Z', unique: '0000000000000000' }
  const key = objectKey(ACCOUNTS[0], now - DAY, early)
  if ([...due.keys()].some(other => other <= key)) {
    throw new Error('the late object does not sort first')
  }
  s3.put(key, early.body)
  say('3. An object arrives that sorts before all of these:')
  say(`    ${key}`)
  say('   The third cycle prints its records and no others.')
  check(await collect(folder, ini), new Map([[key, early.records]]))
}

async function main(): Promise<void> {
  // The bucket's clock stands still, so that no day ends during the demo.
  const now = Date.now()
  const folder = mkdtempSync(join(tmpdir(), 'lr-s3-input-demo-'))
  const s3 = await StandInS3.start({
    bucket: BUCKET,
    region: 'us-east-1',
    ...KEY,
    clock: () => now,
  })
  try {
    await story(s3, folder, now)
    say('As promised: nothing missed, nothing repeated.')
  } finally {
    await s3.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

main().catch((error: unknown) => {
  say(`The demo failed: ${error instanceof Error ? error.message : error}`)
  process.exitCode = 1
})
