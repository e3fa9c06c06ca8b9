// A stream that takes bytes when the test says so, or not at all.
import { Writable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import { HostGoneError, streamSink } from '../../src/output/stdout.ts'

const fault = (code: string): Error =>
  Object.assign(new Error(`write ${code}`), { code })

t.test(
  'waits until the bytes were taken, not until they were queued',
  async t => {
    const taken: string[] = []
    const waiting: (() => void)[] = []
    const stream = new Writable({
      highWaterMark: 1_000_000,
      write(bytes, _, done) {
        waiting.push(() => {
          taken.push(String(bytes))
          done()
        })
      },
    })
    const sink = streamSink(stream)
    let isDone = false
    const writing = sink(Buffer.from('a\n')).then(() => (isDone = true))
    await setImmediate()
    t.notOk(isDone)
    waiting.shift()?.()
    await writing
    t.strictSame(taken, ['a\n'])
  },
)

t.test('a reader that is gone ends every write as HostGoneError', async t => {
  const stream = new Writable({
    write: (_, __, done) => done(fault('EPIPE')),
  })
  const sink = streamSink(stream)
  const writes = [1, 2, 3].map(() => sink(Buffer.from('a\n')))
  for (const { status, ...end } of await Promise.allSettled(writes)) {
    t.equal(status, 'rejected')
    t.type((end as PromiseRejectedResult).reason, HostGoneError)
  }
  // And after the stream was destroyed by that.
  await t.rejects(sink(Buffer.from('b\n')), HostGoneError)
})

t.test('says what the system said', async t => {
  const stream = new Writable({
    write: (_, __, done) => done(fault('ENOSPC')),
  })
  await t.rejects(streamSink(stream)(Buffer.from('a\n')), {
    code: 'HOST_GONE',
    message: /^writing to stdout: ENOSPC; /,
  })
})
