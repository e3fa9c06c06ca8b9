// A command that gives credentials, and what becomes of one that hangs: of it
// and of all that it started nothing stays behind. Needs the build.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import {
  endCommands,
  runCommand,
} from '../../../src/s3/access/credential-process.ts'
import { sdkSource } from '../../../src/s3/access/sdk-credentials.ts'
import { keepSession } from '../../../src/s3/access/credential-session.ts'
import { FakeClock } from '../../lib/fake-clock.ts'
import { startCollector } from '../../lib/hosts/collector.ts'
import { SETTINGS, emptyEnv } from '../../lib/s3/access-settings.ts'

const { PATH } = process.env
const PROGRAM = resolve('dist/lr-s3-input.cjs')

// It leaves a child that ignores what is said politely.
function hanging(folder: string): string {
  const script = `trap '' TERM
sleep 300 &
echo "$$ $!" >made
mv made pids
wait
`
  writeFileSync(join(folder, 'hang'), `cd ${folder}\n${script}`)
  return `/bin/sh ${folder}/hang`
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  // Nobody may have waited for it yet.
  const stat = `/proc/${pid}/stat`
  return !existsSync(stat) || !/\) Z /.test(readFileSync(stat, 'utf8'))
}

async function started(folder: string): Promise<number[]> {
  const file = join(folder, 'pids')
  while (!existsSync(file)) await sleep(5)
  return readFileSync(file, 'utf8').split(' ').map(Number)
}

async function allGone(t: Test, pids: readonly number[]): Promise<void> {
  t.equal(pids.length, 2)
  while (pids.some(isAlive)) await sleep(5)
}

t.test('gives what a command prints, and how it failed', async t => {
  t.strictSame(await runCommand('printf "a b" | tr a c; exit 0'), {
    stdout: 'c b',
  })
  for (const [command, why] of [
    ['exit 3', 'failed with exit code 3: run it by hand to see why'],
    ['echo secret; echo secret >&2; exit 1', 'failed with exit code 1: run'],
    ['kill -9 $$', 'failed with exit code 137'],
    ['(', 'failed with exit code 2'],
    ['/no/such --secret secret', 'names a command that is not there: check'],
    ['/dev/null', 'names a command that cannot be run: check'],
    ['yes', 'printed more than 1048576 bytes'],
  ] as const) {
    const error: unknown = await runCommand(command).catch(
      (thrown: unknown) => thrown,
    )
    t.ok(error instanceof Error)
    t.match(String(error), `its credential_process ${why}`)
    t.notMatch(String(error), /secret/)
  }
})

t.test('an answer is whole though a child still holds stdout', async t => {
  const folder = t.testdir({})
  const size = 60_000
  const { stdout } = await runCommand(
    `sleep 300 & echo $! >${folder}/pid; head -c ${size} /dev/zero | tr '\\0' a`,
  )
  const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'))
  t.teardown(() => process.kill(pid, 'SIGKILL'))
  t.equal(stdout, 'a'.repeat(size))
  t.ok(isAlive(pid), 'what it left is its own')
  const failed = runCommand(`sleep 300 & echo $! >${folder}/pid; exit 4`)
  await t.rejects(failed, { message: /exit code 4/ })
  process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')), 'SIGKILL')
})

t.test(
  'what went into a session of its own is ended too',
  { skip: process.platform !== 'linux' && 'needs /proc' },
  async t => {
    const folder = t.testdir({})
    writeFileSync(
      join(folder, 'alone'),
      `cd ${folder}
setsid sh -c 'trap "" TERM; sleep 300 & echo "$$ $!" >made; mv made pids; wait' &
wait
`,
    )
    const run = runCommand(`/bin/sh ${folder}/alone`)
    const pids = await started(folder)
    endCommands()
    await t.rejects(run, { message: /was ended by SIGKILL/ })
    await allGone(t, pids)
  },
)

t.test('a command that is given up is ended with what it started', async t => {
  const folder = t.testdir({})
  const run = runCommand(hanging(folder))
  const pids = await started(folder)
  endCommands()
  await t.rejects(run, {
    message: 'its credential_process was ended by SIGKILL',
  })
  await allGone(t, pids)
})

t.test('the credential_process of a profile ends at its limit', async t => {
  const folder = emptyEnv(t)['HOME'] ?? ''
  const config = join(folder, 'config')
  writeFileSync(
    config,
    `[profile slow]\ncredential_process=${hanging(folder)}\n`,
  )
  Object.assign(process.env, {
    PATH,
    AWS_CONFIG_FILE: config,
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none'),
  })
  const clock = new FakeClock()
  const source = sdkSource({
    ...SETTINGS,
    AccessKeyId: '',
    SecretAccessKey: '',
    Profile: 'slow',
  })
  const session = keepSession(source, () => clock.now(), clock)
  const asked = Promise.resolve(session())
  asked.catch(() => {})
  const pids = await started(folder)
  clock.advance(15_000)
  await t.rejects(asked, { code: 'NoAnswer' })
  await allGone(t, pids)
})

for (const signal of ['SIGTERM', 'SIGKILL'] as const)
  t.test(`nothing of it outlives a cycle that ${signal} ends`, async t => {
    const { ini, folder } = await startCollector(t, {
      Profile: 'slow',
    })
    writeFileSync(
      join(folder, 'config'),
      `[profile slow]\ncredential_process=${hanging(folder)}\n`,
    )
    const run = spawn(process.execPath, [PROGRAM, '--config', ini], {
      env: {
        PATH,
        AWS_CONFIG_FILE: join(folder, 'config'),
        AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none'),
      },
      stdio: ['ignore', openSync(join(folder, 'out'), 'w'), 'ignore'],
    })
    const pids = await started(folder)
    const gone = once(run, 'exit')
    run.kill(signal)
    await gone
    await allGone(t, pids)
  })
