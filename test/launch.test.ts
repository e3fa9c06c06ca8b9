// The built program with and without its code cache. A cache that was taken is
// left as it is; one that was refused is made anew.

import { execFile } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import type { Test } from 'tap'
import { putToday, startCollector, USER_ENV } from './lib/hosts/collector.ts'

const run = promisify(execFile)

interface Installed {
  bundle: string
  cache: string
  /** Runs a cycle; fails unless it ends well, with nothing but its summary told. */
  cycle(flags?: readonly string[], env?: NodeJS.ProcessEnv): Promise<void>
  /** Says whether a cycle left the cache as it was. */
  keeps(): Promise<boolean>
}

/** Sets a program up beside a bucket of so many objects, each of as many records. */
async function install(t: Test, objects = 1): Promise<Installed> {
  const { s3, folder, ini } = await startCollector(t)
  // An empty bucket would be a cycle that matches nothing.
  for (let number = 1; number <= objects; number++)
    putToday(s3, `a${number}`, objects)
  let isFirst = true
  const program = join(folder, 'program')
  mkdirSync(program)
  const bundle = join(program, 'lr-s3-input.cjs')
  const cache = `${bundle}.cache`
  copyFileSync('dist/lr-s3-input.cjs', bundle)
  chmodSync(bundle, 0o755)
  const cycle: Installed['cycle'] = async (flags = [], env = USER_ENV) => {
    const args = [...flags, bundle, 'collect', '--config', ini]
    const { stdout, stderr } = await run(process.execPath, args, {
      env,
      maxBuffer: Infinity,
    })
    const events = stderr.trimEnd().split('\n')
    const names = events.map(line => (JSON.parse(line) as Event).event)
    t.same(names, ['summary'])
    t.equal(stdout.split('\n').length, isFirst ? objects ** 2 + 1 : 1)
    isFirst = false
  }
  const keeps = async (): Promise<boolean> => {
    const before = statSync(cache).ino
    await cycle()
    return statSync(cache).ino === before
  }
  return { bundle, cache, cycle, keeps }
}

interface Event {
  event: string
}

void t.test(
  'a first cycle keeps its compiled code, a second one takes it',
  async t => {
    const { bundle, cache, cycle, keeps } = await install(t)
    const { stdout } = await run(process.execPath, [bundle, '--version'])
    t.match(stdout, /^\d+\.\d+\.\d+\n$/)
    t.notOk(existsSync(cache), 'what does not collect keeps nothing')
    await cycle()
    t.equal(statSync(cache).mode & 0o022, 0, 'nobody else may write it')
    t.ok(await keeps())
    await cycle(['--max-lazy'])
    t.notOk(await keeps(), 'other flags of V8 have other code')
    t.same(readdirSync(join(bundle, '..')).length, 2, 'no draft is left')
  },
)

void t.test('code that ran only at the start is kept as well', async t => {
  const sizeAfter = async (flags: readonly string[]): Promise<number> => {
    const { cache, cycle } = await install(t, 70)
    await cycle(flags)
    return statSync(cache).size
  }
  const size = await sizeAfter([])
  // V8 calls code old after more collections of garbage than there are here.
  const aged = await sizeAfter(['--bytecode-old-age=0'])
  t.ok(aged > 0.98 * size, `${aged} of ${size} bytes`)
})

void t.test(
  'a cache that is damaged, cut short or of another program is not run',
  async t => {
    const { bundle, cache, cycle, keeps } = await install(t)
    await cycle()
    const sound = readFileSync(cache)
    const flipped = Buffer.from(sound)
    for (let at = 40; at < flipped.length; at += 1000) flipped[at]! ^= 0xff
    const cases = {
      flipped,
      cut: sound.subarray(0, 5000),
      empty: Buffer.alloc(0),
    }
    for (const [name, bytes] of Object.entries(cases)) {
      writeFileSync(cache, bytes)
      t.notOk(await keeps(), name)
      t.ok(await keeps(), `${name}, and then a sound one`)
    }
    // As long as before, which is all that V8 itself looks at.
    const text = readFileSync(bundle, 'latin1')
    writeFileSync(bundle, text.replace('cycle ended', 'cycle is up'), 'latin1')
    t.notOk(await keeps(), 'of another program')
  },
)

void t.test('the AWS SDK is compiled where it is asked, and kept', async t => {
  const { bundle, cycle } = await install(t)
  const cache = `${bundle}.aws-sdk.cache`
  await cycle()
  t.notOk(existsSync(cache), 'keys of the environment need no SDK')
  const profile = join(bundle, '..', 'credentials')
  const lines = [
    '[default]',
    `aws_access_key_id=${USER_ENV.AWS_ACCESS_KEY_ID}`,
    `aws_secret_access_key=${USER_ENV.AWS_SECRET_ACCESS_KEY}`,
  ]
  writeFileSync(profile, lines.join('\n'))
  const env = { AWS_SHARED_CREDENTIALS_FILE: profile }
  await cycle([], env)
  const { ino, size } = statSync(cache)
  await cycle([], env)
  t.equal(statSync(cache).ino, ino, 'a sound one is taken')
  writeFileSync(cache, Buffer.alloc(size))
  await cycle([], env)
  t.not(statSync(cache).ino, ino, 'a damaged one is made anew')
})

void t.test('a cache that others could have written is not run', async t => {
  const { cache, cycle, keeps } = await install(t)
  await cycle()
  chmodSync(cache, 0o666)
  t.notOk(await keeps(), 'all may write it')
  if (process.getuid?.() !== 0) return
  chownSync(cache, 65534, 65534)
  t.notOk(await keeps(), 'it belongs to a stranger')
})

void t.test(
  'where no cache can be written the program runs without',
  async t => {
    const { bundle, cache, cycle } = await install(t)
    mkdirSync(cache)
    await cycle()
    await cycle()
    t.same(readdirSync(join(bundle, '..')).length, 2, 'no draft is left')
  },
)

void t.test(
  'a Node that lacks what the program needs is told so in one sentence: exit 2',
  async t => {
    const hook = join(t.testdir({}), 'hook.cjs')
    const start = async (version: string): Promise<Ended> => {
      writeFileSync(
        hook,
        `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`,
      )
      const args = ['--require', hook, 'dist/lr-s3-input.cjs', '--version']
      return run(process.execPath, args).then(
        ended => ({ ...ended, code: 0 }),
        (error: unknown) => error as Ended,
      )
    }
    // 21 and the first of 22 came before zlib.crc32, which 20 got later.
    const lacking =
      '12.22.12 18.20.8 20.9.0 20.16.0 21.0.0 21.7.3 22.0.0 22.1.0'
    for (const version of lacking.split(' ')) {
      const ended = await start(version)
      t.match(ended, { code: 2, stdout: '' })
      const { level, message } = JSON.parse(ended.stderr) as Told
      t.equal(level, 'error')
      t.match(
        message,
        `needs Node 20.17 or newer, except 21.0 to 22.1; this is ${version}: `,
      )
    }
    for (const version of '20.17.0 20.20.2 22.2.0 23.0.0 25.1.0'.split(' '))
      t.match(await start(version), { code: 0, stdout: /^\d/ })
  },
)

interface Ended {
  code: number
  stdout: string
  stderr: string
}

interface Told {
  level: string
  message: string
}
