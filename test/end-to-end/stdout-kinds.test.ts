// The program on each kind of stdout, a real one: what counts as read there,
// and what is not committed.

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFileSync,
  existsSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { join, resolve } from 'node:path'
import t, { type Test } from 'tap'
import { putToday, startCollector, USER_ENV } from '../lib/hosts/collector.ts'

const MIB = 1_048_576
const ENV = { ...USER_ENV, PATH: process.env['PATH'] }
const args = (ini: string) => [resolve('dist/lr-s3-input.cjs'), '--config', ini]
const textOf = (path: string): string =>
  existsSync(path) ? readFileSync(path, 'utf8') : ''
const lines = (text: string): number => text.split('\n').filter(Boolean).length

async function start(t: Test, objects = 3, records = 10, padding = 0) {
  const collector = await startCollector(t)
  for (let index = 0; index < objects; index++)
    putToday(collector.s3, `n-${index}`, records, padding)
  const file = (name: string) => textOf(join(collector.folder, name))
  // Runs a cycle with this redirection and gives its exit code and stderr.
  const to = async (redirection: string, before = '') => {
    await collector.script(
      `${before}\n"$@" ${redirection} 2>said; echo $? >code`,
    )
    return { code: Number(file('code')), said: file('said') }
  }
  return { ...collector, to, file }
}

t.test('nothing open, and /dev/null, are refused', async t => {
  const { ini, run, to } = await start(t)
  for (const redirection of ['>&-', '>/dev/null']) {
    const { code, said } = await to(redirection)
    t.equal(code, 2, redirection)
    t.match(said, /"event":"usage".*stdout is closed or \/dev\/null.*`skip`/)
  }
  t.notOk(existsSync(`${ini}.cursor`))
  t.equal((await run()).records.length, 30, 'all of it is still to come')
})

t.test('a file is committed as far as it was written', async t => {
  const { s3, file, folder, to } = await start(t)
  t.equal((await to('>out')).code, 0)
  t.equal(lines(file('out')), 30)
  t.equal((await to('>>out')).code, 0)
  t.equal(lines(file('out')), 30, 'once')
  // As a program that was killed inside a line leaves it.
  writeFileSync(join(folder, 'out'), `${file('out')}{"cut":"`)
  putToday(s3, 'later', 2)
  t.equal((await to('>>out')).code, 0)
  const [cut, ...more] = file('out').split('\n').slice(30, -1)
  t.equal(cut, '{"cut":"')
  t.equal(more.length, 2)
  for (const line of more) JSON.parse(line)
})

t.test('a file that takes no more ends the cycle with its reason', async t => {
  const { file, run, to } = await start(t, 40, 50, 500)
  const full = await to('>/dev/full')
  t.equal(full.code, 6)
  t.match(full.said, /"event":"host_gone".*ENOSPC; the disk is full/)
  // Blocks of 512 bytes: room for a part of it, and for the cursor.
  const part = await to('>out', "trap '' XFSZ; ulimit -f 1000")
  t.equal(part.code, 6)
  t.match(part.said, /"event":"host_gone".*EFBIG/)
  const printed = file('out').split('\n').slice(0, -1)
  t.ok(printed.length > 100 && printed.length < 2000)
  const rest = await run()
  t.equal(rest.code, 0)
  const seen = [...printed.map(line => JSON.parse(line)), ...rest.records]
  const ids = new Set(seen.map(record => record.serialnumber))
  t.equal(ids.size, 2000, 'none is missing')
})

t.test('a file that was full begins a new line when it is not', async t => {
  const { file, to } = await start(t, 40, 50, 500)
  await to('>out', "trap '' XFSZ; ulimit -f 1000")
  t.equal((await to('>>out')).code, 0)
  const whole = new Set<unknown>()
  let broken = 0
  for (const line of file('out').split('\n').filter(Boolean))
    try {
      whole.add((JSON.parse(line) as Record<string, unknown>)['serialnumber'])
    } catch {
      broken++
    }
  t.equal(whole.size, 2000)
  t.ok(broken <= 1, 'the line that was cut')
})

for (const way of ['rename', 'copytruncate'])
  t.test(`a file that is rotated in mid-cycle: ${way}`, async t => {
    const { s3, folder, file, to } = await start(t, 300, 50, 500)
    const out = join(folder, 'out')
    const old = join(folder, 'out.1')
    s3.fault = () => {
      if (existsSync(old) || lines(file('out')) === 0) return undefined
      if (way === 'rename') renameSync(out, old)
      else {
        copyFileSync(out, old)
        truncateSync(out)
      }
      return undefined
    }
    t.equal((await to('>>out')).code, 0)
    t.ok(lines(file('out.1')) > 0, 'it was in mid-cycle')
    putToday(s3, 'later', 2)
    t.equal((await to('>>out')).code, 0)
    if (way === 'rename') {
      t.equal(lines(file('out.1')), 15_000, 'it writes on into the same file')
      t.equal(lines(file('out')), 2, 'the next cycle opens it anew')
    } else {
      t.notMatch(file('out'), '\0', 'no hole is left where it was cut')
      t.ok(lines(file('out')) > 2)
    }
  })

// Reads so much of a socket, then closes it.
async function readSome(socket: Socket, bytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let taken = 0
  for await (const chunk of socket) {
    chunks.push(chunk as Buffer)
    taken += (chunk as Buffer).length
    if (taken >= bytes) break
  }
  socket.destroy()
  return Buffer.concat(chunks)
}

const exitOf = async (child: ChildProcess): Promise<number> =>
  (await once(child, 'close'))[0] as number

t.test('a UNIX socket holds more than a pipe', async t => {
  const { s3, ini, run } = await start(t, 6, 1000, 900)
  // What Node makes for 'pipe' is a pair of UNIX sockets.
  const begin = () =>
    spawn(process.execPath, args(ini), {
      env: ENV,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  const child = begin()
  const [, code] = await Promise.all([
    readSome(child.stdout as unknown as Socket, 5 * MIB),
    exitOf(child),
  ])
  t.equal(code, 6)
  t.equal((await run()).records.length, 6000, 'nothing was committed')
  putToday(s3, 'later', 5)
  const whole = begin()
  const [text, end] = await Promise.all([
    readSome(whole.stdout as unknown as Socket, Infinity),
    exitOf(whole),
  ])
  t.equal(end, 0)
  t.equal(lines(String(text)), 5)
  t.equal((await run()).records.length, 0, 'a cycle read to its end counts')
})

t.test('a TCP socket is refused', async t => {
  const { ini, run } = await start(t)
  const server = createServer().listen(0)
  t.teardown(() => server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const accepted = once(server, 'connection') as Promise<[Socket]>
  const socket = connect(port)
  await once(socket, 'connect')
  const child = spawn(process.execPath, args(ini), {
    env: ENV,
    stdio: ['ignore', socket, 'pipe'],
  })
  let said = ''
  child.stderr?.on('data', text => (said += String(text)))
  const code = await exitOf(child)
  socket.destroy()
  ;(await accepted)[0].destroy()
  t.equal(code, 2)
  t.match(said, /stdout is a TCP socket/)
  t.equal((await run()).records.length, 30)
})
