import t from 'tap'
import { ReadyObjects } from '../../src/fetch/ready-objects.ts'

const readyOf = (random: number, ...times: number[]) => {
  const ready = new ReadyObjects<{ candidate: { modified: number } }>(
    () => random,
  )
  for (const modified of times) ready.add({ candidate: { modified } })
  const take = (): number | undefined => ready.take()?.candidate.modified
  return { ready, take }
}

t.test('the oldest goes first', async t => {
  const { ready, take } = readyOf(0, 3, 1, 2)
  t.strictSame([take(), take(), take(), take()], [1, 2, 3, undefined])
  t.equal(ready.size, 0)
})

t.test('after cuts come the oldest, the youngest and any, in turn', async t => {
  const { ready, take } = readyOf(0.5, 5, 1, 9, 4, 8, 2, 7)
  const taken: (number | undefined)[] = []
  for (let cut = 0; cut < 4; cut++) {
    ready.noteCut()
    taken.push(take())
  }
  // Of 8, 7, 5, 4 and 2 that are left then, the one in the middle of the ages.
  t.strictSame(taken, [1, 9, 5, 2])
  ready.noteCut()
  t.equal(take(), 8, 'the turns go on')
  t.equal(take(), 4, 'and without a cut it is the oldest')
})
