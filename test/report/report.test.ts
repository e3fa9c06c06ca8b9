// stderr as a shipper reads it, and as a person does on a terminal.
import {
  copyFileSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Report, type ReportOptions } from '../../src/report/report.ts'

const now = Date.parse('2026-01-02T03:04:05.678Z')
const time = '2026-01-02T03:04:05.678Z'

function start(options: Partial<ReportOptions> = {}) {
  const lines: string[] = []
  const report = new Report({
    write: line => lines.push(line),
    now: () => now,
    isTerminal: false,
    quiet: false,
    ...options,
  })
  return { lines, report }
}

t.test('writes one JSON object a line, time and level first', async t => {
  const { lines, report } = start()
  report.info('a', 'went well', { key: 'k\n\u001b[2J"', n: 7, none: undefined })
  report.warn('b', 'is odd')
  report.error('c', 'went wrong\nbadly', { list: [1, null] })
  t.strictSame(
    lines.map(line => JSON.parse(line) as unknown),
    [
      {
        time,
        level: 'info',
        event: 'a',
        message: 'went well',
        key: 'k\n\u001b[2J"',
        n: 7,
      },
      { time, level: 'warning', event: 'b', message: 'is odd' },
      {
        time,
        level: 'error',
        event: 'c',
        message: 'went wrong\nbadly',
        list: [1, null],
      },
    ],
  )
  t.ok(lines.every(line => line.indexOf('\n') === line.length - 1))
  t.match(lines[0], /^\{"time":"[^"]*","level":"info","event":"a","message":/)
})

t.test(
  'leaves out what is only information when it is to be quiet',
  async t => {
    const { lines, report } = start({ quiet: true })
    report.info('a', 'went well')
    report.warn('b', 'is odd')
    report.error('c', 'went wrong')
    t.match(lines, [/warning/, /error/])
  },
)

t.test('writes text on a terminal', async t => {
  const { lines, report } = start({ isTerminal: true })
  report.info('a', 'went well', { n: 0, empty: '', none: undefined, no: null })
  report.warn('b', 'is odd')
  report.error('c', 'went wrong', { key: 'k', quarantined: false })
  t.strictSame(lines, [
    'went well  n=0\n',
    'warning: is odd\n',
    'error: went wrong  key=k quarantined=false\n',
  ])
})

t.test('a live line is rewritten in place, and wiped by others', async t => {
  const { lines, report } = start({ isTerminal: true, columns: () => 10 })
  t.ok(report.showsLive)
  report.live('')
  report.live('1 of 2')
  report.live('2 of 2, and cut')
  report.warn('b', 'is odd')
  report.warn('b', 'is odd')
  report.live('again')
  report.live('')
  report.live('')
  const wipe = '\r\u001b[K'
  t.strictSame(lines, [
    `${wipe}1 of 2`,
    `${wipe}2 of 2, a`,
    wipe,
    'warning: is odd\n',
    'warning: is odd\n',
    `${wipe}again`,
    wipe,
  ])
})

t.test('a terminal of unknown width has 80 columns', async t => {
  for (const columns of [undefined, 0]) {
    const { lines, report } = start({
      isTerminal: true,
      columns: () => columns,
    })
    report.live('x'.repeat(100))
    t.equal(lines[0]?.length, '\r\u001b[K'.length + 79)
  }
})

t.test('no live line for a file, a pipe, or who wants quiet', async t => {
  for (const options of [{}, { isTerminal: true, quiet: true }]) {
    const { lines, report } = start(options)
    t.notOk(report.showsLive)
    report.live('1 of 2')
    report.live('')
    t.strictSame(lines, [])
  }
})

t.test('shows on a terminal what would steer it', async t => {
  const { lines, report } = start({ isTerminal: true })
  // Line feed, tab, escape, delete, C1's CSI, right-to-left override and line
  // separator: all may stand in a key.
  const steering = '\n\t\u001b\u007f\u009b\u202e\u2028'
  report.warn('b', `odd ${steering} é😀`, { key: `a${steering}z` })
  t.strictSame(lines, [
    'warning: odd \\u{a}\\u{9}\\u{1b}\\u{7f}\\u{9b}\\u{202e}\\u{2028} é😀  key=a\\u{a}\\u{9}\\u{1b}\\u{7f}\\u{9b}\\u{202e}\\u{2028}z\n',
  ])
})

t.test('copies every line to the log file, for its owner alone', async t => {
  const folder = t.testdir({ log: 'before\n' })
  const [file, other] = [join(folder, 'log'), join(folder, 'new')]
  for (const isTerminal of [false, true]) {
    const { lines, report } = start({ isTerminal })
    report.info('early', 'before the settings were read')
    report.copyTo(file)
    report.info('a', 'went well', { key: '\u001b' })
    report.copyTo(other)
    report.error('c', 'went wrong')
    t.equal(lines.length, 3)
  }
  const json = `{"time":"${time}","level":"info","event":"a","message":"went well","key":"\\u001b"}\n`
  t.equal(readFileSync(file, 'utf8'), `before\n${json}${json}`)
  t.equal(readFileSync(other, 'utf8').split('\n').length, 3)
  t.equal(statSync(other).mode & 0o777, 0o600)
})

t.test('the log file may be rotated between any two lines', async t => {
  const file = join(t.testdir({ log: '' }), 'log')
  const old = `${file}.1`
  const wayOf: Record<string, () => void> = {
    rename: () => renameSync(file, old),
    copytruncate: () => {
      copyFileSync(file, old)
      truncateSync(file)
    },
    remove: () => {
      copyFileSync(file, old)
      rmSync(file)
    },
  }
  for (const [way, rotate] of Object.entries(wayOf)) {
    rmSync(file, { force: true })
    const { lines, report } = start()
    report.copyTo(file)
    report.info('a', 'before')
    rotate()
    report.info('b', 'after')
    report.info('c', 'after')
    t.equal(readFileSync(old, 'utf8'), lines[0], way)
    t.equal(readFileSync(file, 'utf8'), lines.slice(1).join(''), way)
    t.equal(statSync(file).mode & 0o777, 0o600, way)
  }
})

t.test('quiet holds for the log file too', async t => {
  const file = join(t.testdir({ log: '' }), 'log')
  const { report } = start({ quiet: true })
  report.copyTo(file)
  report.info('a', 'went well')
  report.warn('b', 'is odd')
  t.match(readFileSync(file, 'utf8'), /^\{[^\n]*"event":"b"[^\n]*\}\n$/)
})

t.test(
  'says once that the log file cannot be written, and goes on',
  async t => {
    const folder = t.testdir({ 'a-folder': {} })
    for (const [name, code] of [
      ['a-folder', 'EISDIR'],
      ['missing/log', 'ENOENT'],
    ] as const) {
      const { lines, report } = start()
      report.copyTo(join(folder, name))
      report.info('summary', 'cycle ended')
      report.info('a', 'went well')
      const [warning, ...rest] = lines.map(
        line => JSON.parse(line) as { [name: string]: unknown },
      )
      t.match(warning, { level: 'warning', event: 'log_file' })
      t.match(warning?.['message'], join(folder, name))
      t.match(warning?.['message'], code)
      t.match(rest, [{ event: 'summary' }, { event: 'a' }], 'and in this order')
      t.equal(rest.length, 2)
    }
  },
)
