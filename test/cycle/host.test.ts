import { buildSync } from 'esbuild'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import {
  findHost,
  isSameHost,
  thisSystem,
  type ProcessTable,
} from '../../src/cycle/host.ts'
import { processStat, thisProcess } from '../../src/cursor/lock/lock-holder.ts'
import { realPipe } from '../lib/hosts/real-pipe.ts'

// As Linux counts the starts of processes.
const TICKS_PER_SECOND = 100

const NEVER = { boot: '', pid: 0, start: '', uptime: 0 }

/** A system of these processes; ours has parent 30. */
const system = (
  readers: number[],
  parents: Record<number, [parent: number, start: string]>,
): ProcessTable => ({
  boot: 'b',
  parent: 30,
  readers: () => readers,
  stat: pid => {
    const found = parents[pid]
    return found && { parent: found[0], start: found[1] }
  },
})

t.test('of several readers the host is the one that started first', t => {
  const table = system([50, 40, 41, 99], {
    50: [1, '1000'],
    40: [1, '300'],
    41: [40, '301'],
  })
  t.strictSame(findHost(NEVER, table), { boot: 'b', pid: 40, start: '300' })
  t.end()
})

t.test('without a reader, the nearest ancestor that is not new', t => {
  const table = system([], {
    30: [20, '9000'],
    20: [10, '5000'],
    10: [1, '100'],
    1: [0, '1'],
  })
  const host = (boot: string, uptime: number) =>
    findHost({ ...NEVER, boot, uptime }, table).pid
  t.equal(host('b', 95), 30, 'it lived in the last cycle')
  t.equal(host('b', 60), 20)
  t.equal(host('b', 49), 10)
  t.equal(host('other', 1e6), 30, 'another boot tells nothing')
  t.equal(findHost(NEVER, table).pid, 30)
  t.strictSame(
    findHost(NEVER, system([], {})),
    { boot: 'b', pid: 30, start: '' },
    'where the system tells nothing',
  )
  t.end()
})

t.test('unseen hosts that end one after the other are each another', t => {
  // When each cycle's host began, in ticks; a cycle comes every hundred.
  const hosts = [150, 150, 150, 550, 550, 750, 850, 950, 950]
  for (const isShell of [false, true]) {
    let last = NEVER
    const others = hosts.map((start, index) => {
      const now = index * 100 + 290
      const begun = [...(isShell ? [now - 5] : []), start, 1]
      const table = system(
        [],
        Object.fromEntries(
          begun.map((time, at) => [
            at === 0 ? 30 : time,
            [begun[at + 1] ?? 0, String(time)],
          ]),
        ),
      )
      const host = findHost(last, table)
      const isOther = !isSameHost(host, last)
      last = { ...host, uptime: now / 100 }
      return isOther
    })
    t.strictSame(
      others,
      [true, isShell, false, true, false, true, true, true, false],
      isShell ? 'through a shell' : 'directly',
    )
  }
  t.end()
})

t.test('a host is another by pid, start time or boot', t => {
  const host = { boot: 'b', pid: 4, start: '7' }
  t.ok(isSameHost(host, { ...host }))
  for (const other of [{ boot: 'c' }, { pid: 5 }, { start: '8' }])
    t.notOk(isSameHost(host, { ...host, ...other }))
  const outside = findHost(NEVER, { ...system([], {}), parent: 0 })
  t.notOk(isSameHost(outside, outside), 'none is seen out of a namespace')
  const hidden = findHost(NEVER, system([], {}))
  t.notOk(isSameHost(hidden, hidden), 'what is hidden may be any')
  const untold = { ...hidden, boot: '' }
  t.ok(
    isSameHost(untold, untold),
    'where no system tells, its number has to do',
  )
  t.end()
})

/** One of the processes of a folder such as /proc. */
interface Shown {
  parent: number
  start: number
  /** What it has open, and for what by proc(5); undefined where that is hidden. */
  open?: [fd: number, link: string, flags: string][]
}

/** Makes a folder of processes, in which our own shows where its output goes. */
function procFolder(
  t: Test,
  output: number,
  processes: Record<number, Shown>,
): string {
  const shown = Object.entries(processes).map(([pid, one]) => {
    const { parent, start, open = [] } = one
    const rest = Array.from({ length: 17 }, () => '0').join(' ')
    return [
      pid,
      {
        stat: `${pid} (a) b) S ${parent} ${rest} ${start} 0`,
        fd: Object.fromEntries(
          open.map(([fd, link]) => [fd, t.fixture('symlink', link)]),
        ),
        fdinfo: Object.fromEntries(
          open.map(([fd, , flags]) => [fd, `pos:\t0\nflags:\t${flags}\n`]),
        ),
      },
    ]
  })
  const self = { fd: { [output]: t.fixture('symlink', 'pipe:[7]') } }
  return t.testdir({ ...Object.fromEntries(shown), self, version: 'x' })
}

t.test('the folder of processes shows the host, or does not', async t => {
  const { reader, writer } = realPipe()
  const host = { parent: 1, start: 400 }
  const ours = { parent: 40, start: 900 }
  const reads: Shown['open'] = [[0, 'pipe:[7]', '02000000']]
  const find = (processes: Record<number, Shown>, uptime = 5) => {
    const proc = procFolder(t, writer, processes)
    const table = { ...thisSystem(proc, writer), parent: 30 }
    const { boot } = table
    const { pid, start } = findHost({ ...NEVER, boot, uptime }, table)
    return [pid, start]
  }
  t.strictSame(
    find({ 30: ours, 40: host, 50: { ...host, start: 500, open: reads } }),
    [50, '500'],
    'every process that holds the read end is found',
  )
  const writes: Shown['open'] = [
    [1, 'pipe:[7]', '0100001'],
    [3, 'pipe:[8]', '0'],
  ]
  t.strictSame(
    find({ 30: ours, 40: host, 50: { ...host, start: 500, open: writes } }),
    [40, '400'],
    'not who writes to it, or reads another',
  )
  t.strictSame(find({ 30: ours }), [30, '?900'], 'a shell, and all else hidden')
  t.strictSame(find({ 50: host }), [30, ''], 'our parent is hidden')
  closeSync(writer)
  reader.destroy()
})

/** Makes the command of a program that prints the host it finds. */
function tellHost(t: Test, last: typeof NEVER): string[] {
  const script = join(t.testdir({}), 'tell-host.mjs')
  buildSync({
    stdin: {
      contents: `import { findHost } from './src/cycle/host.ts'
console.log(JSON.stringify(findHost(${JSON.stringify(last)})))`,
      resolveDir: '.',
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: script,
  })
  return [process.execPath, script]
}

const hasProc = processStat(process.pid) !== undefined

t.test('it is found at a real pipe', { skip: !hasProc }, async t => {
  const here = { pid: process.pid, boot: thisProcess().boot }
  const node = tellHost(t, NEVER)
  for (const command of [node, ['sh', '-c', '"$@"; true', 'sh', ...node]]) {
    const { reader, writer } = realPipe()
    const [file = '', ...args] = command
    const child = spawn(file, args, { stdio: ['ignore', writer, 'inherit'] })
    const exited = once(child, 'exit')
    closeSync(writer)
    const host = JSON.parse(await text(reader)) as object
    t.strictSame(
      host,
      { ...here, start: processStat(process.pid)?.start },
      file,
    )
    await exited
  }
})

t.test(
  'at a socket a shell on the way is no reader',
  { skip: !hasProc },
  async t => {
    // Of all that there is now, this process and those before it lived then.
    const began = Number(processStat(process.pid)?.start) / TICKS_PER_SECOND
    const last = { ...NEVER, boot: thisProcess().boot, uptime: began }
    const node = tellHost(t, last)
    const later = ['-c', '"$@"; true', 'sh', ...node]
    const child = spawn('sh', later, { stdio: ['ignore', 'pipe', 'inherit'] })
    t.match(JSON.parse(await text(child.stdout)), { pid: process.pid })
  },
)
