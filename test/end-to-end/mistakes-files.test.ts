// What people get wrong about the files: the ini, the cursor, the log, and who
// may read and write them.

import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import t, { type Test } from 'tap'
import type { Collector } from '../lib/hosts/collector.ts'
import {
  ACCESS,
  expectDecent,
  SECRET,
  set,
  startWorld,
  tryMistakes,
  type Mistake,
} from '../lib/hosts/mistakes.ts'
import { runHere } from '../lib/hosts/run-here.ts'

const write = (text: string) => (world: Collector) =>
  writeFileSync(world.ini, text)

const inis: Mistake[] = [
  {
    what: 'no ini under this name',
    make: ({ ini }) => rmSync(ini),
    code: 2,
    says: /reading .*\.ini: there is no such file; name .* with --config, or make one with `init`/,
  },
  {
    what: 'the folder of the ini in its place',
    make: ({ ini }) => {
      rmSync(ini)
      mkdirSync(ini)
    },
    code: 2,
    says: /reading .*: it is a folder; name the file in it with --config, such as .*\/awsS3CloudTrail\.ini/,
  },
  {
    what: 'an ini without a byte',
    make: write(''),
    code: 2,
    says: /reading .*: it is empty; name .* with --config/,
  },
  {
    what: 'an ini of comments alone',
    make: write('[S3]\n; Region=us-east-1\n'),
    code: 2,
    says: /reading .*: it holds comments and sections, but no setting; name/,
  },
  {
    what: 'JSON in the place of an ini',
    make: write('{\n  "Region": "us-east-1"\n}\n'),
    code: 2,
    says: /reading .*: it holds no line of the form Name=value, so it is no ini; name/,
  },
  {
    what: 'an ini that others may read',
    make: ({ ini }) => chmodSync(ini, 0o644),
    code: 0,
    says: /^$|can be read or changed by others than its owner \(mode 644\).*: chmod 600 it/,
  },
  {
    what: 'secrets in plain text',
    make: set({ AccessKeyId: 'AKIDTEST', SecretAccessKey: SECRET }),
    code: 0,
    says: /SecretAccessKey \(line 14\) and AccessKeyId are in plain text: encrypt with `encrypt --config .* --set NAME`/,
  },
]

const places: Mistake[] = [
  {
    what: 'LogFile that names the ini',
    make: world => world.configure({ LogFile: world.ini }),
    code: 2,
    says: /LogFile \(line 13\) names a file that is already the ini: name a file of its own/,
  },
  {
    what: 'LogFile in a folder that is not there',
    make: set({ LogFile: 'no/log' }),
    code: 0,
    says: /writing LogFile .*\/no\/log: the folder .*\/no is not there \(ENOENT\); let it name a file/,
  },
  {
    what: 'LogFile that is a folder',
    make: world => {
      mkdirSync(join(world.folder, 'log'))
      world.configure({ LogFile: 'log' })
    },
    code: 0,
    says: /writing LogFile .*\/log: it is a folder \(EISDIR\); let it name a file/,
  },
  {
    what: 'StateFile in a folder that is not there',
    make: set({ StateFile: 'no/cursor' }),
    code: 5,
    says: /ing the cursor .*\/no\/cursor: ENOENT.*; create its folder/,
  },
  {
    what: 'StateFile that is a folder',
    make: world => {
      mkdirSync(join(world.folder, 'state'))
      world.configure({ StateFile: 'state' })
    },
    code: 5,
    says: /reading the cursor .*\/state: it is a folder; let StateFile name a file/,
  },
  {
    what: 'another file in the place of the cursor',
    make: ({ ini }) => writeFileSync(`${ini}.cursor`, 'some\nother\nfile\n'),
    code: 5,
    says: /reading the cursor .*: it does not begin as a cursor does; if StateFile should name another file, change it/,
  },
  {
    what: 'a cursor that was edited',
    make: async ({ ini }) => {
      await runHere(['collect', '--config', ini], ACCESS)
      const text = readFileSync(`${ini}.cursor`, 'latin1')
      writeFileSync(`${ini}.cursor`, text.replace('"k"', '"j"'), 'latin1')
      appendFileSync(`${ini}.cursor`, 'x\n')
    },
    code: 5,
    says: /reading the cursor .*: .*restore it from a backup, or move it away and run `skip`/,
  },
  {
    what: "the cursor of another bucket's ini",
    make: async world => {
      await runHere(['collect', '--config', world.ini], ACCESS)
      world.configure({ LogType: 'VPCFlowLogs', FilePath: '' })
    },
    code: 5,
    faults: 2,
    says: /reading the cursor .*: it belongs to bucket "logs" and LogType "CloudTrail", .*VPCFlowLogs.*; set StateFile to another file/,
  },
  {
    what: 'a folder in the place of the lock',
    make: ({ ini }) => void mkdirSync(`${ini}.cursor.lock`),
    code: 5,
    says: /locking the cursor: .*\.lock is not a lock file but a folder; remove it/,
  },
]

t.test('the ini', async t => tryMistakes(t, inis))
t.test('what is written', async t => tryMistakes(t, places))

// Root may read and write everything, so somebody else is asked to.
const isRoot = process.getuid?.() === 0
const NOBODY = 65_534
const cannot =
  isRoot && spawnSync('setpriv', ['--version']).error
    ? 'root, and setpriv is missing'
    : false

/** Runs the built program as somebody who does not own what there is. */
async function asOther(
  t: Test,
  { script }: Collector,
  command: string,
): Promise<{ code: number; said: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'other-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const other = isRoot
    ? `setpriv --reuid=${NOBODY} --regid=${NOBODY} --clear-groups`
    : ''
  await script(
    `node=$1 program=$2; shift 3
    { ${other} "$node" "$program" ${command} "$@"; echo $? >${folder}/code; } 2>&1 | cat >${folder}/said`,
  )
  const read = (name: string): string =>
    readFileSync(join(folder, name), 'utf8')
  return { code: Number(read('code')), said: read('said') }
}

t.test('what another user may not', { skip: cannot }, async t => {
  const world = await startWorld(t)
  const who = isRoot ? `uid ${NOBODY}` : 'uid \\d+'
  if (!isRoot) chmodSync(world.ini, 0)
  const isRefused = async (exit: number, says: string): Promise<void> => {
    for (const command of ['collect', 'check']) {
      const { code, said } = await asOther(t, world, command)
      t.equal(code, exit)
      t.match(said, new RegExp(says))
      expectDecent(t, said)
    }
  }
  await isRefused(
    2,
    `reading .*\\.ini: .*${who}.*, who runs this, may not read it \\(EACCES\\); give it to that user`,
  )
  chmodSync(world.ini, 0o644)
  if (!isRoot) chmodSync(world.folder, 0o500)
  t.teardown(() => chmodSync(world.folder, 0o700))
  await isRefused(
    5,
    `ing the cursor .*: EACCES.*; let .*${who}.*, who runs this, read and write it and its folder`,
  )
})
