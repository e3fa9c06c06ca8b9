// Who of many gets the lock: every order of their calls on files in memory, and
// real processes that are killed.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import * as nodeFs from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { buildSync } from 'esbuild'
import fc from 'fast-check'
import t from 'tap'
import { thisProcess } from '../../../src/cursor/lock/lock-holder.ts'
import { acquireLock, type LockOptions } from '../../../src/cursor/lock/lock.ts'
import type { LockFileSystem } from '../../../src/cursor/lock/seize-lock.ts'

const clock = { now: () => Date.UTC(2026, 0, 2) }
const self = thisProcess()
const dead = { ...self, pid: spawnSync(process.execPath, ['--version']).pid }
const deadLock = JSON.stringify({
  ...dead,
  token: 'd'.repeat(16),
  renewed: '2026-01-01T00:00:00.000Z',
})

const take = (path: string, options: Partial<LockOptions> = {}) =>
  acquireLock(path, { clock, ...options })

// Files in memory: each call waits for `step`, then takes place at once.
class Files {
  #inodes = new Map<string, { text: string; mtimeMs: number }>()

  put(path: string, content: string, mtimeMs: number): void {
    this.#inodes.set(path, { text: content, mtimeMs })
  }

  names(): string[] {
    return [...this.#inodes.keys()].map(path => basename(path))
  }

  fs(step: () => Promise<unknown>): LockFileSystem {
    const inodes = this.#inodes
    const inode = (path: string) => inodes.get(path) ?? fail('ENOENT')
    const calls = {
      link: (from: string, to: string) => {
        if (inodes.has(to)) fail('EEXIST')
        inodes.set(to, inode(from))
      },
      rename: (from: string, to: string) => {
        inodes.set(to, inode(from))
        inodes.delete(from)
      },
      unlink: (path: string) => void (inodes.delete(path) || fail('ENOENT')),
      readFile: (path: string) => inode(path).text,
      stat: (path: string) => ({ mtimeMs: inode(path).mtimeMs }),
      lstat: (path: string) => ({ ...inode(path), isFile: () => true }),
      readdir: () => this.names(),
      realpath: (path: string) => path,
      open: (path: string) => {
        if (inodes.has(path)) fail('EEXIST')
        const made = { text: '', mtimeMs: 1e6 }
        inodes.set(path, made)
        return {
          chmod: async () => {},
          close: async () => {},
          writeFile: async (content: string) => {
            await step()
            made.text = content
          },
        }
      },
    }
    return Object.fromEntries(
      Object.entries(calls).map(([name, call]) => [
        name,
        async (...args: [string, string]) => {
          await step()
          return call(...args)
        },
      ]),
    ) as unknown as LockFileSystem
  }
}

function fail(code: string): never {
  throw Object.assign(new Error(code), { code })
}

const never = () => () => {}

// Lets a process that is dead to all others try for a lock, and stop for good
// before one of its calls.
async function die(files: Files, path: string, calls: number, links: boolean) {
  await new Promise<unknown>(resolve => {
    let left = calls
    const fs = files.fs(() => {
      if (left-- > 0) return Promise.resolve()
      resolve(undefined)
      return new Promise(() => {})
    })
    take(path, {
      self: dead,
      every: never,
      fs: links ? fs : unlinked(fs),
    }).then(resolve)
  })
}

const unlinked = (fs: LockFileSystem): LockFileSystem => ({
  ...fs,
  link: async () => fail('EPERM'),
})

t.test(
  'of many that find it free or dead, however others died before, one wins',
  async () => {
    const path = '/cursor'
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.constantFrom('free', 'dead', 'garbage'),
        fc.array(fc.nat(14), { maxLength: 4 }),
        fc.integer({ min: 2, max: 4 }),
        fc.boolean(),
        async (scheduler, before, deaths, count, links) => {
          const files = new Files()
          if (before !== 'free')
            files.put(`${path}.lock`, before === 'dead' ? deadLock : '', 0)
          for (const calls of deaths) await die(files, path, calls, links)
          // Without links a killed one may leave an empty file: a minute's wait.
          if (!links && deaths.length > 0) return
          const fs = files.fs(() => scheduler.schedule(Promise.resolve()))
          const options = { every: never, fs: links ? fs : unlinked(fs) }
          const locks = await scheduler.waitFor(
            Promise.all(
              Array.from({ length: count }, () => take(path, options)),
            ),
          )
          const winners = locks.filter(lock => lock !== undefined)
          if (winners.length !== 1) throw new Error(`${winners.length} winners`)
          const held = await scheduler.waitFor(winners[0]?.held() ?? fail(''))
          if (!held) throw new Error('the winner does not hold it')
          const left = files.names().filter(name => name !== 'cursor.lock')
          if (left.length > 0) throw new Error(`left: ${left}`)
        },
      ),
      { numRuns: 150 },
    )
  },
)

t.test('no two are ever inside at once', async () => {
  const path = '/cursor'
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.boolean(), async (scheduler, links) => {
      const files = new Files()
      files.put(`${path}.lock`, deadLock, 0)
      const step = () => scheduler.schedule(Promise.resolve())
      const fs = files.fs(step)
      const options = { every: never, fs: links ? fs : unlinked(fs) }
      let inside = 0
      let entered = 0
      const visit = async (): Promise<void> => {
        for (let times = 0; times < 3; times++) {
          const lock = await take(path, options)
          if (lock === undefined) continue
          if (++inside > 1) throw new Error('two inside')
          entered++
          await step()
          inside--
          await lock.release()
        }
      }
      await scheduler.waitFor(Promise.all([visit(), visit(), visit()]))
      if (entered === 0) throw new Error('nobody got in')
    }),
    { numRuns: 60 },
  )
})

t.test('real processes: one wins, and SIGKILL frees the lock', async t => {
  const dir = t.testdir({
    'cursor.lock': deadLock,
    'child.ts': `
      import { acquireLock } from ${JSON.stringify(resolve('src/cursor/lock/lock.ts'))}
      process.stdin.on('data', async () => {
        const lock = await acquireLock(process.argv[2], { clock: Date })
        console.log(lock ? 'won' : 'lost')
      })
      console.log('ready')`,
  })
  const program = join(dir, 'child.mjs')
  buildSync({
    entryPoints: [join(dir, 'child.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
  })
  const children = Array.from({ length: 5 }, () => {
    const child = spawn(process.execPath, [program, join(dir, 'cursor')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    t.teardown(() => child.kill('SIGKILL'))
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
    const answer = async (): Promise<string> => (await lines.next()).value
    return { child, answer }
  })
  const ask = async (who: typeof children): Promise<ChildProcess> => {
    for (const { child } of who) child.stdin?.write('go\n')
    const answers = await Promise.all(who.map(({ answer }) => answer()))
    t.equal(answers.filter(each => each === 'won').length, 1)
    return (who[answers.indexOf('won')] ?? fail('nobody')).child
  }
  await Promise.all(children.map(({ answer }) => answer()))
  let rest = children
  for (let times = 0; times < 3; times++) {
    const winner = await ask(rest)
    winner.kill('SIGKILL')
    await once(winner, 'exit')
    rest = rest.filter(({ child }) => child !== winner)
  }
  await (await take(join(dir, 'cursor')))?.release()
  t.strictSame(await nodeFs.readdir(dir), ['child.mjs', 'child.ts'])
})
