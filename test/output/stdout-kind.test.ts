// Each kind of stdout as the system makes it, and how much must be accepted
// after a line before it counts as read.
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { createServer, Socket, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { UsageError } from '../../src/settings/settings-error.ts'
import {
  distanceOf,
  refuseStdout,
  stdoutKind,
  type StdoutKind,
} from '../../src/output/stdout-kind.ts'

import t, { type Test } from 'tap'

const MIB = 1_048_576
const stream = new Writable()

// Opens a path as a child finds its stdout.
function kindOf(t: Test, path: string): StdoutKind {
  const fd = openSync(path, 'r+')
  t.teardown(() => closeSync(fd))
  return stdoutKind(Object.assign(stream, { fd }))
}

t.test('files, pipes and devices', async t => {
  const folder = t.testdir({ file: '' })
  execFileSync('mkfifo', [join(folder, 'pipe')])
  t.equal(kindOf(t, join(folder, 'file')), 'file')
  t.equal(kindOf(t, join(folder, 'pipe')), 'pipe')
  t.equal(kindOf(t, '/dev/null'), 'nowhere')
  t.equal(kindOf(t, '/dev/zero'), 'nowhere')
  t.equal(kindOf(t, '/dev/full'), 'file', 'what fails is seen to')
  const terminal = Object.assign(new Writable(), { fd: 0, isTTY: true })
  t.equal(stdoutKind(terminal), 'terminal')
})

t.test('sockets', async t => {
  for (const [where, kind] of [
    [0, 'tcp'],
    [join(t.testdir(), 'socket'), 'socket'],
  ] as const) {
    const server = createServer().listen(where)
    t.teardown(() => server.close())
    await once(server, 'listening')
    const address = server.address() as AddressInfo | string
    const socket = new Socket()
    t.teardown(() => socket.destroy())
    if (typeof address === 'string') socket.connect(address)
    else socket.connect(address.port)
    await once(socket, 'connect')
    const { fd } = Reflect.get(socket, '_handle') as { fd: number }
    t.equal(stdoutKind(Object.assign(socket, { fd })), kind)
    // What Node makes for a socket that it does not know drops all.
    t.equal(stdoutKind(Object.assign(new Writable(), { fd })), 'unknown')
  }
})

t.test('how far behind a line has been read', async t => {
  t.strictSame(distanceOf('pipe'), {
    bytes: MIB,
    records: 1100,
    orBytes: 8 * MIB,
  })
  t.equal(distanceOf('socket').bytes, 8 * MIB)
  for (const kind of ['file', 'terminal'] as const)
    t.strictSame(distanceOf(kind), { bytes: 0, records: 0, orBytes: 0 })
})

t.test('where records could be lost unseen, none are collected', async t => {
  for (const [kind, pattern] of [
    ['nowhere', /^stdout is closed or \/dev\/null.*`skip`/],
    ['tcp', /^stdout is a TCP socket/],
    ['unknown', /^stdout is not a pipe/],
  ] as const) {
    t.throws(() => refuseStdout(kind), { message: pattern })
    t.throws(() => refuseStdout(kind), UsageError)
  }
  for (const kind of ['pipe', 'socket', 'terminal', 'file'] as const)
    refuseStdout(kind)
})
