// How far this machine's clock is off, by S3's Date.

import t from 'tap'
import { S3Clock } from '../../../src/s3/clock.ts'
import { checkClock } from '../../../src/commands/check/check-clock.ts'
import { FakeClock } from '../../lib/fake-clock.ts'
import { findings, NOW } from './checking.ts'

async function check(date: string | undefined): Promise<string | undefined> {
  const s3Clock = new S3Clock(new FakeClock(NOW), 0)
  s3Clock.observe(date)
  return (await findings(checkClock({ s3Clock }))).lines[0]
}

t.test('says by how much, and warns of more than a minute', async t => {
  t.match(await check('Tue, 10 Mar 2026 12:00:01 GMT'), /^ok clock: .*agrees/)
  t.match(await check('Tue, 10 Mar 2026 12:00:50 GMT'), /^ok .*50 s behind/)
  t.match(await check('Tue, 10 Mar 2026 11:58:00 GMT'), /^warn .*120 s ahead/)
  t.match(
    await check('Tue, 10 Mar 2026 12:20:00 GMT'),
    /^warn clock: .*1200 s behind.*15 minutes/,
  )
})

t.test('without a Date, or without an answer', async t => {
  t.match(await check(undefined), /^warn clock: S3 sent no Date/)
  const s3Clock = new S3Clock(new FakeClock(NOW), 0)
  t.strictSame((await findings(checkClock({ s3Clock }))).lines, [])
})
