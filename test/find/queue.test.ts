import t from 'tap'
import { Condition, AgeQueue } from '../../src/find/queue.ts'

const roomOf = (capacity: number) => new AgeQueue<number>(capacity, age => age)
const isEven = (age: number): boolean => age % 2 === 0
const turn = (): Promise<void> => new Promise(setImmediate)

t.test(
  'the oldest leaves first, and equals in the order they came',
  async t => {
    const room = new AgeQueue<[number, string]>(9, ([age]) => age)
    await room.push([
      ...([
        [3, 'a'],
        [1, 'b'],
        [2, 'c'],
      ] as [number, string][]),
      ...([
        [1, 'd'],
        [3, 'e'],
        [1, 'f'],
      ] as [number, string][]),
    ])
    room.close()
    let order = ''
    for (let item; (item = await room.take());) order += item[1]
    t.equal(order, 'bdfcae')
  },
)

t.test('a taker waits for items', async t => {
  const room = roomOf(2)
  const taken = [room.take(), room.take()]
  await room.push([7, 5])
  t.strictSame((await Promise.all(taken)).toSorted(), [5, 7])
})

t.test('a pusher waits for room, and so do two', async t => {
  const room = roomOf(2)
  let inside = 0
  const puts = [
    [1, 2, 3, 4],
    [5, 6, 7, 8],
  ].map(items => room.push(items).then(done => (inside += Number(done))))
  const taken: (number | undefined)[] = []
  for (let count = 0; count < 8; count++) {
    await turn()
    taken.push(await room.take())
  }
  await Promise.all(puts)
  t.equal(inside, 2)
  t.strictSame(
    taken.toSorted((a = 0, b = 0) => a - b),
    [1, 2, 3, 4, 5, 6, 7, 8],
  )
})

t.test('a closed room lets nothing in and everything out', async t => {
  const room = roomOf(1)
  const puts = [room.push([1]), room.push([2]), room.push([3, 4])]
  await turn()
  room.close()
  t.strictSame(await Promise.all(puts), [true, false, false])
  t.equal(await room.push([5]), false)
  t.equal(await room.push([]), true)
  t.equal(await room.take(), 1)
  t.equal(await room.take(), undefined)
  const waiting = roomOf(1)
  const take = waiting.take()
  waiting.close()
  t.equal(await take, undefined)
})

t.test('where all ages are equal, the first to come is the oldest', async t => {
  const room = new AgeQueue<number>(9, () => 0)
  await room.push([7, 3, 9, 5])
  t.equal(await room.take('oldest'), 7)
  t.equal(await room.take('youngest'), 5)
  t.equal(await room.take('oldest'), 3)
})

t.test('the youngest leaves, or one by lot, where it is asked for', async t => {
  const lots = [0, 0.99, 0.5]
  const room = new AgeQueue<number>(
    9,
    age => age,
    () => lots.shift() ?? 0,
  )
  await room.push([3, 1, 5, 2, 4])
  t.equal(await room.take('youngest'), 5)
  t.equal(await room.take('random'), 1)
  t.equal(await room.take('random'), 4)
  t.equal(await room.take('random'), 3)
  t.equal(await room.take('youngest'), 2)
})

t.test('a sample is the oldest, the youngest and some at random', async t => {
  const room = roomOf(100)
  await room.push(Array.from({ length: 40 }, (_, age) => age))
  const drawn = room.draw(isEven, 5)
  t.strictSame(drawn.slice(0, 2), [0, 38])
  t.equal(new Set(drawn).size, 7)
  t.ok(drawn.every(isEven))
  t.strictSame(
    room.draw(isEven, 50).length,
    13,
    'as far as there are any, each once',
  )
  t.strictSame(room.draw(isEven, 5), [])
  room.close()
  t.equal(await room.take(), 1, 'the others stay')
})

t.test(
  'an item put back is taken again, also once the queue is closed',
  async t => {
    const room = roomOf(1)
    await room.push([2])
    room.close()
    room.restore([3, 1])
    t.equal(await room.take(), 1)
    t.equal(await room.take(), 2)
    t.equal(await room.take(), 3)
    t.equal(await room.take(), undefined)
  },
)

t.test('a condition wakes all who wait, once', async t => {
  const condition = new Condition()
  let woken = 0
  const wait = (): Promise<number> => condition.changed().then(() => ++woken)
  const first = [wait(), wait()]
  condition.notify()
  await Promise.all(first)
  t.equal(woken, 2)
  const second = wait()
  await turn()
  t.equal(woken, 2)
  condition.notify()
  await second
  t.equal(woken, 3)
})
