import t from 'tap'
import { retryRequest, type RetryOptions } from '../../src/s3/retry-request.ts'
import { SourceError } from '../../src/s3/errors/source-error.ts'
import { FakeClock } from '../lib/fake-clock.ts'
import { failure } from '../lib/s3/store-on.ts'

const broken = (code = 'ECONNRESET', throttled = false): SourceError =>
  new SourceError('listing', { code, kind: 'network', throttled })
const skewed = new SourceError('listing: the clock', {
  code: 'RequestTimeTooSkewed',
  kind: 'access',
})

/** Tries a request as its callers do. */
const tryAll = <T>(
  ask: (attempt: number) => Promise<T>,
  options: RetryOptions,
): Promise<T> => ask(1).catch(fault => retryRequest(fault, ask, options))

/** Tries a request that fails in these ways, then succeeds; pauses are as long as they may be. */
async function trying(failures: readonly SourceError[], tries?: number) {
  const clock = new FakeClock()
  const attempts: number[] = []
  const ask = async (attempt: number): Promise<string> => {
    attempts.push(attempt)
    const error = failures[attempts.length - 1]
    if (error) throw error
    return 'page'
  }
  const context = { clock, signal: undefined, tries, random: () => 1 }
  const outcome = await failure(
    clock.run(tryAll(ask, context)).then(page => Promise.reject(page)),
  )
  return { outcome, attempts, sleeps: clock.sleeps }
}

t.test('a request that fails is tried five times', async t => {
  const four = await trying([broken(), broken(), broken(), broken()])
  t.equal(four.outcome, 'page')
  t.strictSame(four.attempts, [1, 2, 3, 4, 5])
  t.strictSame(four.sleeps, [100, 200, 400, 800])
  const last = broken('last')
  const five = await trying([broken(), broken(), broken(), broken(), last])
  t.equal(five.outcome, last)
  t.equal(five.sleeps.length, 4, 'and nobody waits after the last')
})

t.test('one that may be tried once is tried once', async t => {
  const own = broken('own')
  const { outcome, attempts } = await trying([own], 1)
  t.equal(outcome, own)
  t.strictSame(attempts, [1])
  t.equal((await trying([skewed], 1)).outcome, 'page', 'a clock is no failure')
  const everyones = new SourceError('listing', {
    code: 'ECONNREFUSED',
    kind: 'network',
    affectsAll: true,
  })
  const all = await trying([everyones, everyones], 1)
  t.equal(all.outcome, 'page', 'what is everyone’s has all its tries')
})

t.test('a throttled one waits longer, three seconds at most', async t => {
  const slow = broken('SlowDown', true)
  const { sleeps } = await trying([slow, slow, slow, slow])
  t.strictSame(sleeps, [500, 1000, 2000, 3000])
})

t.test('a pause is random from nothing on', async t => {
  const clock = new FakeClock()
  for (let round = 0; round < 75; round++) {
    let failures = 4
    const ask = async (): Promise<void> => {
      if (failures-- > 0) throw broken()
    }
    await clock.run(tryAll(ask, { clock, signal: undefined }))
  }
  const firsts = clock.sleeps.filter((_, index) => index % 4 === 0)
  t.ok(firsts.every(pause => pause >= 0 && pause < 100))
  t.ok(Math.min(...firsts) < 30 && Math.max(...firsts) > 70)
})

t.test('what will not change is not tried again', async t => {
  for (const kind of ['access', 'object'] as const) {
    const refused = new SourceError('refused', { code: 'AccessDenied', kind })
    const { outcome, attempts } = await trying([refused])
    t.equal(outcome, refused)
    t.strictSame(attempts, [1])
  }
})

t.test('a wrong clock is learnt once, and at once', async t => {
  const once = await trying([skewed])
  t.equal(once.outcome, 'page')
  t.strictSame(once.attempts, [1, 2])
  t.strictSame(once.sleeps, [])
  const twice = await trying([skewed, broken(), skewed])
  t.equal(twice.outcome, skewed)
  t.strictSame(twice.attempts, [1, 2, 3])
})

t.test('nothing is tried after the signal', async t => {
  const clock = new FakeClock()
  const controller = new AbortController()
  const { signal } = controller
  const context = { clock, signal }
  const error = broken()
  let tries = 0
  const ask = async (): Promise<never> => {
    tries++
    throw error
  }
  const request = failure(tryAll(ask, context))
  await new Promise(setImmediate)
  t.equal(clock.sleeps.length, 1)
  controller.abort()
  t.equal(await request, error, 'during a pause')
  t.equal(tries, 1)
  t.equal(await failure(tryAll(ask, context)), error, 'or after the first')
  t.equal(tries, 2)
})
