// One fetch for all who wait, renewed before the expiry and after a refusal;
// no clock, however wrong, makes it fetch at every request.

import t from 'tap'
import { keepSession } from '../../../src/s3/access/credential-session.ts'
import type { Credentials } from '../../../src/s3/access/credentials.ts'
import { FakeClock } from '../../lib/fake-clock.ts'

/** A source that counts, of sessions that hold so many seconds by AWS's clock. */
function counted(seconds: number, clock = new FakeClock(), ahead = 0) {
  const aws = (): number => clock.now() + ahead
  const source = {
    doing: 'assuming r',
    fetches: 0,
    fault: undefined as Error | undefined,
    hangs: false,
    async fetch(): Promise<Credentials> {
      const name = String(++this.fetches)
      if (this.hangs) await new Promise(() => {})
      if (this.fault) throw this.fault
      return {
        accessKeyId: name,
        secretAccessKey: 's',
        sessionToken: `t${name}`,
        ...(seconds < Infinity && {
          expiration: new Date(aws() + seconds * 1000),
        }),
      }
    },
  }
  return { clock, source, aws }
}

const settle = (): Promise<void> => new Promise(setImmediate)

t.test('one fetch for all who wait; keys without an expiry last', async t => {
  const { clock, source, aws } = counted(Infinity)
  const session = keepSession(source, aws, clock)
  const all = await Promise.all(Array.from({ length: 30 }, () => session()))
  t.equal(new Set(all).size, 1)
  clock.advance(86_400_000)
  await session()
  t.equal(source.fetches, 1)
})

t.test('renewed beside the requests before the expiry', async t => {
  for (const [seconds, renewal] of [
    [3600, 3300],
    [900, 675],
    [10, 7.5],
  ] as const) {
    const { clock, source, aws } = counted(seconds)
    const session = keepSession(source, aws, clock)
    await session()
    clock.advance(renewal * 1000 - 1)
    t.match(await session(), { accessKeyId: '1' }, `${seconds} s`)
    t.equal(source.fetches, 1)
    clock.advance(1)
    t.match(await session(), { accessKeyId: '1' }, 'nobody waits for it')
    await settle()
    t.match(await session(), { accessKeyId: '2' })
    clock.advance(seconds * 1000)
    t.match(await session(), { accessKeyId: '3' }, 'an expired one is not used')
  }
})

t.test('a renewal that fails harms nobody while the old holds', async t => {
  const { clock, source, aws } = counted(3600)
  const session = keepSession(source, aws, clock)
  await session()
  source.fault = new Error('no STS')
  clock.advance(3_400_000)
  for (let n = 0; n < 5; n++) {
    t.match(await session(), { accessKeyId: '1' })
    await settle()
  }
  t.equal(source.fetches, 2, 'not tried again at once')
  clock.advance(1000)
  await session()
  await settle()
  t.equal(source.fetches, 3)
  clock.advance(200_000)
  for (let n = 0; n < 5; n++)
    await t.rejects(async () => session(), { message: 'no STS' })
  t.equal(source.fetches, 4, 'the failure is shared')
  source.fault = undefined
  clock.advance(1000)
  t.match(await session(), { accessKeyId: '5' })
})

t.test('what was refused is replaced once for all', async t => {
  const { clock, source, aws } = counted(3600)
  const session = keepSession(source, aws, clock)
  const first = await session()
  const again = await Promise.all([
    session(first),
    session(first),
    session(),
    session(first),
  ])
  for (const keys of again) t.match(keys, { accessKeyId: '2' })
  t.match(await session(first), { accessKeyId: '2' }, 'also one that is late')
  t.equal(source.fetches, 2)
})

t.test('a wrong clock does not make it fetch at every request', async t => {
  // AWS's clock is two hours behind what is believed of it.
  const { clock, source } = counted(3600, new FakeClock(), -7_200_000)
  let believed = 0
  const session = keepSession(source, () => clock.now() + believed, clock)
  for (let n = 0; n < 20; n++) {
    await session()
    clock.advance(100)
  }
  t.equal(source.fetches, 1)
  believed = -7_200_000
  clock.advance(60_000)
  await session()
  t.equal(source.fetches, 1, 'once the time is known its expiry counts')
})

t.test('a fetch that hangs is given up', async t => {
  const { clock, source, aws } = counted(3600)
  const session = keepSession(source, aws, clock)
  source.hangs = true
  await t.rejects(clock.run(Promise.resolve(session())), {
    code: 'NoAnswer',
    kind: 'network',
    message:
      'assuming r: no answer came in 15 s; it is tried again in the next cycle',
  })
  source.hangs = false
  clock.advance(1000)
  t.match(await session(), { accessKeyId: '2' })
})
