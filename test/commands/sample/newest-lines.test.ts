import t from 'tap'
import { NewestLines } from '../../../src/commands/sample/newest-lines.ts'

const line = (second: number, more = ''): string =>
  `{"normal_msg_date":"2026-01-02T03:04:${String(second).padStart(2, '0')}.000Z","n":"${second}${more}"}\n`

const shown = (newest: NewestLines): string[] =>
  newest.lines().map(bytes => String(bytes))

t.test('keeps the newest of many, the newest last', async t => {
  const newest = new NewestLines(3)
  const order = [7, 40, 3, 12, 59, 58, 1, 30]
  newest.take(
    Buffer.from(
      order
        .slice(0, 5)
        .map(one => line(one))
        .join(''),
    ),
  )
  newest.take(
    Buffer.from(
      order
        .slice(5)
        .map(one => line(one))
        .join(''),
    ),
  )
  t.strictSame(shown(newest), [line(40), line(58), line(59)])
})

t.test('what has no time counts as oldest; copies are its own', async t => {
  const newest = new NewestLines(2)
  const bytes = Buffer.from(`{"original_message":"x"}\n${line(5)}`)
  newest.take(bytes)
  bytes.fill(0)
  t.strictSame(shown(newest), ['{"original_message":"x"}\n', line(5)])
  newest.take(Buffer.from(line(4)))
  t.strictSame(shown(newest), [line(4), line(5)])
})

t.test('holds no more than fits into memory', async t => {
  const newest = new NewestLines(100)
  const filling = 'x'.repeat(8 * 1024 * 1024)
  for (let second = 0; second < 9; second++)
    newest.take(Buffer.from(line(second, filling)))
  const lines = newest.lines()
  t.ok(lines.length >= 3 && lines.length <= 4)
  t.match(lines.at(-1)?.toString('latin1', 0, 60), ':08.000Z')
})
