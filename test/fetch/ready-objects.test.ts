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
  // Of 5, 4, 8, 2 and 7 that are left then, in this order, the middle one.
  t.strictSame(taken, [1, 9, 8, 2])
  ready.noteCut()
  t.equal(take(), 7, 'the turns go on')
  t.equal(take(), 4, 'and without a cut it is the oldest')
})
