import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import t from 'tap'
import {
  isAlive,
  parseHolder,
  thisProcess,
} from '../../../src/cursor/lock/lock-holder.ts'

const self = thisProcess()
const linux = { skip: !existsSync('/proc/self/stat') && 'no /proc here' }

t.test('this process lives', async t => {
  t.equal(self.pid, process.pid)
  t.equal(self.host, hostname())
  t.not(isAlive(self, self), false)
})

t.test(
  'in Linux, its start, boot and pid namespace are known',
  linux,
  async t => {
    t.match(self.start, /^\d+$/)
    t.match(self.boot, /^[0-9a-f-]{36}$/)
    t.match(self.namespace, /^pid:\[\d+\]$/)
    t.equal(isAlive(self, self), true)
  },
)

t.test('a pid that is gone is dead', async t => {
  const { pid } = spawnSync(process.execPath, ['--version'])
  t.equal(isAlive({ ...self, pid }, self), false)
})

t.test('a pid that is used again is not its holder', linux, async t => {
  t.equal(isAlive({ ...self, start: `${self.start}0` }, self), false)
})

t.test('of a process elsewhere nothing can be said', async t => {
  const { pid } = spawnSync(process.execPath, ['--version'])
  for (const other of [{ host: 'x' }, { boot: 'x' }, { namespace: 'x' }])
    for (const which of [pid, self.pid])
      t.equal(isAlive({ ...self, pid: which, ...other }, self), undefined)
})

t.test('without a start time, a pid in use says nothing', async t => {
  t.equal(isAlive({ ...self, start: '' }, self), undefined)
})

t.test('a name with blanks and parentheses hides nothing', linux, async t => {
  const name = 'a) Z 1 (b'
  const dir = t.testdir({ [name]: t.fixture('symlink', '/bin/sleep') })
  const child = spawn(join(dir, name), ['60'])
  t.teardown(() => child.kill())
  const pid = child.pid ?? 0
  let stat = ''
  while (!stat.includes(name)) {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    await turn()
  }
  const start = stat.split(') ').at(-1)?.split(' ')[19] ?? ''
  t.equal(isAlive({ ...self, pid, start }, self), true)
  t.equal(isAlive({ ...self, pid, start: '1' }, self), false)
})

t.test('a zombie is dead', linux, async t => {
  // The shell has become `sleep` when its child ends, and never asks how it did.
  const parent = spawn('/bin/sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'])
  t.teardown(() => parent.kill())
  let out = ''
  for await (const chunk of parent.stdout) {
    out += String(chunk)
    if (out.endsWith('\n')) break
  }
  const pid = Number(out)
  const nameOf = `/proc/${parent.pid}/comm`
  while (readFileSync(nameOf, 'latin1') !== 'sleep\n') await turn()
  process.kill(pid, 'SIGKILL')
  let fields: string[] = []
  while (fields[2] !== 'Z') {
    fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(' ')
    await turn()
  }
  t.equal(isAlive({ ...self, pid, start: fields[21] ?? '' }, self), false)
})

t.test('a lock file is read whole or not at all', async t => {
  const token = '0123456789abcdef'
  const holder = { ...self, token, renewed: 'now', since: 'then' }
  const text = JSON.stringify({ ...holder, later: 'member' })
  t.strictSame(parseHolder(text), holder)
  const { since: _, ...older } = holder
  t.strictSame(parseHolder(JSON.stringify(older)), { ...older, since: '' })
  for (let length = 0; length < text.length; length++)
    if (parseHolder(text.slice(0, length))) t.fail(`cut after ${length}`)
  for (const wrong of [
    { pid: 0 },
    { pid: -1 },
    { pid: '1' },
    { pid: 1.5 },
    { pid: 2 ** 31 },
    { start: 1 },
    { host: null },
    { boot: [] },
    { namespace: undefined },
    { token: '../../etc/passwd' },
    { token: '0123456789ABCDEF' },
    { renewed: 5 },
  ])
    t.equal(parseHolder(JSON.stringify({ ...holder, ...wrong })), undefined)
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), any => {
      return parseHolder(any) === undefined
    }),
  )
})
