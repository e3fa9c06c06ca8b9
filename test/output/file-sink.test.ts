// Files as a killed cycle, a shell or a rotation leaves them, and what the
// next lines do there.
import { closeSync, openSync, readFileSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { fileSink } from '../../src/output/file-sink.ts'
import { HostGoneError } from '../../src/output/stdout.ts'

const onLinux = process.platform === 'linux'

function open(t: Test, text: string, flags: string) {
  const path = join(t.testdir({ out: text }), 'out')
  const fd = openSync(path, flags)
  t.teardown(() => closeSync(fd))
  return {
    path,
    fd,
    sink: fileSink(fd),
    read: () => String(readFileSync(path)),
  }
}

t.test('a line begins on a line of its own', { skip: !onLinux }, async t => {
  for (const [text, flags, expected] of [
    ['', 'a', '{}\n{}\n'],
    ['', 'w', '{}\n{}\n'],
    ['{}\n', 'a', '{}\n{}\n{}\n'],
    ['{"cut":', 'a', '{"cut":\n{}\n{}\n'],
    ['{"old":', 'w', '{}\n{}\n'],
    ['{"old":1234567}', 'r+', '{}\n{}\n:1234567}'],
  ] as const) {
    const { sink, read } = open(t, text, flags)
    // What can be read is believed, whatever else is.
    sink.startLine(true)
    await sink.write(Buffer.from('{}\n'))
    await sink.write(Buffer.from('{}\n'))
    await sink.sync()
    t.equal(read(), expected, `${text} ${flags}`)
  }
})

t.test('where a shell or a rotation left the place to write', async t => {
  const { path, sink, read } = open(t, '', 'w')
  await sink.write(Buffer.from('{"a":1}\n{"cut'))
  sink.startLine(false)
  await sink.write(Buffer.from('{}\n'))
  t.equal(read(), onLinux ? '{"a":1}\n{"cut\n{}\n' : '{"a":1}\n{"cut{}\n')
  // Cut to nothing while it was open: zeros come before the place.
  truncateSync(path)
  sink.startLine(false)
  await sink.write(Buffer.from('{}\n'))
  if (onLinux) t.match(read(), /^\0+\n\{\}\n$/)
})

t.test('without a new write nothing is added', async t => {
  const { sink, read } = open(t, '{"cut":', 'a')
  sink.startLine(true)
  await sink.sync()
  t.equal(read(), '{"cut":')
})

t.test('a write that fails says why', { skip: !onLinux }, async t => {
  const fd = openSync('/dev/full', 'w')
  t.teardown(() => closeSync(fd))
  const sink = fileSink(fd)
  sink.startLine(true)
  await t.rejects(sink.write(Buffer.from('{}\n')), {
    code: 'HOST_GONE',
    message: /^writing to stdout: ENOSPC; the disk is full/,
  })
  await t.rejects(sink.write(Buffer.from('{}\n')), HostGoneError)
  await sink.sync()
})
