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
import { keepSession } from '../../../src/s3/access/session.ts'
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
  for (const command of ['exit 3', 'kill -9 $$', '(', 'yes'])
    await t.rejects(runCommand(command), {
      message: 'its credential_process failed',
    })
})

t.test('a command that is given up is ended with what it started', async t => {
  const folder = t.testdir({})
  const run = runCommand(hanging(folder))
  const pids = await started(folder)
  endCommands()
  await t.rejects(run, { message: 'its credential_process failed' })
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
