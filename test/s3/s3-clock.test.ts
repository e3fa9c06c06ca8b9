import t from 'tap'
import { S3Clock } from '../../src/s3/s3-clock.ts'
import { FakeClock } from '../lib/fake-clock.ts'

const NOON = Date.parse('2026-03-10T12:00:00Z')

t.test('the time is guessed until the first response tells it', t => {
  const clock = new FakeClock(NOON)
  const s3Clock = new S3Clock(clock, -5000)
  t.match(s3Clock, { source: 'guess', offset: -5000 })
  t.equal(s3Clock.now(), NOON - 5000)
  s3Clock.observe('Tue, 10 Mar 2026 10:00:00 GMT')
  t.match(s3Clock, { source: 'response', offset: -7_200_000 })
  clock.advance(60_000)
  t.equal(s3Clock.now(), Date.parse('2026-03-10T10:01:00Z'))
  s3Clock.observe('Tue, 10 Mar 2026 23:00:00 GMT')
  t.equal(s3Clock.now(), Date.parse('2026-03-10T10:01:00Z'), 'the first counts')
  t.end()
})

t.test('without a Date it is the time of this machine', t => {
  for (const date of [undefined, '', 'soon']) {
    const s3Clock = new S3Clock(new FakeClock(NOON), 86_400_000)
    s3Clock.observe(date)
    t.match(s3Clock, { source: 'local', offset: 0 }, String(date))
    t.equal(s3Clock.now(), NOON)
  }
  t.end()
})

t.test('what is signed follows each refusal that is five minutes off', t => {
  const s3Clock = new S3Clock(new FakeClock(NOON), 0)
  const signed = (date: string): string => {
    s3Clock.observeRefusal(date)
    return new Date(s3Clock.signingTime()).toISOString().slice(11, 19)
  }
  t.equal(signed('Tue, 10 Mar 2026 12:04:59 GMT'), '12:00:00')
  t.equal(signed('Tue, 10 Mar 2026 12:05:00 GMT'), '12:05:00')
  t.equal(signed('never'), '12:05:00')
  t.equal(signed('Tue, 10 Mar 2026 10:00:00 GMT'), '10:00:00')
  s3Clock.observe('Tue, 10 Mar 2026 22:00:00 GMT')
  t.equal(signed('never'), '10:00:00', 'what is granted was signed well')
  t.equal(s3Clock.offset, 299_000, 'days go by the first')
  t.end()
})

t.test("setting this machine's clock meanwhile changes nothing", t => {
  const clock = new FakeClock(NOON)
  const s3Clock = new S3Clock(clock, 0)
  clock.setWall(NOON + 86_400_000 * 3)
  t.equal(s3Clock.now(), NOON, 'before the first answer')
  s3Clock.observe('Tue, 10 Mar 2026 12:00:10 GMT')
  clock.setWall(NOON - 86_400_000 * 50)
  clock.advance(1000)
  t.equal(s3Clock.now(), NOON + 11_000)
  t.equal(s3Clock.offset, 10_000)
  t.equal(s3Clock.signingTime(), NOON + 1000)
  t.end()
})
