// What a reader takes, and how long it needs for more.
import t from 'tap'
import { Pace } from '../../src/output/pace.ts'

t.test('nothing is known before the first batch', async t => {
  t.equal(new Pace().timeFor(1000, 5), 0)
})

t.test('where no time passes, all is taken at once', async t => {
  const pace = new Pace()
  pace.record(1000, 0, 0)
  t.equal(pace.timeFor(5000, 0), 0)
})

t.test(
  'bytes that an empty pipe took do not show the pace of its reader',
  async t => {
    const pace = new Pace()
    for (let batch = 0; batch < 8; batch++) pace.record(8192, 0, 1)
    t.ok(pace.timeFor(8192, 1) < 2)
    pace.record(8192, 1, 2001)
    t.equal(pace.timeFor(8192, 2001), 2000)
  },
)

t.test('of the last five seconds', async t => {
  const pace = new Pace()
  for (let second = 0; second < 20; second++) {
    const bytes = second < 10 ? 1000 : 100
    pace.record(bytes, second * 1000, (second + 1) * 1000)
  }
  t.equal(pace.timeFor(100, 20_000), 1000)
  t.equal(pace.timeFor(100, 30_000), 3000, 'and slower while nothing is')
})
