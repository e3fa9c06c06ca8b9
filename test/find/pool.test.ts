import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import { inOrder, inParallel } from '../../src/find/pool.ts'

t.test('so much at once, from the end, each once', async t => {
  const begun: number[] = []
  let now = 0
  let most = 0
  await inParallel(
    [1, 2, 3, 4, 5, 6, 7],
    () => true,
    async one => {
      begun.push(one)
      most = Math.max(most, ++now)
      await setImmediate()
      now--
    },
    3,
  )
  t.strictSame(begun, [7, 6, 5, 4, 3, 2, 1])
  t.equal(most, 3)
})

t.test('items left without time stay, and a fault is thrown', async t => {
  const stack = [1, 2, 3, 4]
  let done = 0
  await inParallel(
    stack,
    () => done < 2,
    async () => void done++,
    1,
  )
  t.strictSame(stack, [1, 2])
  const fault = new Error('fault')
  const failing = async (): Promise<void> => Promise.reject(fault)
  await t.rejects(
    inParallel([1], () => true, failing),
    fault,
  )
})

t.test(
  'items that work pushes are done, even if all others wait for them',
  async t => {
    const done: number[] = []
    const stack = [4]
    await inParallel(
      stack,
      () => true,
      async one => {
        await setImmediate()
        done.push(one)
        for (let more = 0; more < one - 1; more++) stack.push(one - 1)
      },
      3,
    )
    t.strictSame(
      done.toSorted((a, b) => b - a),
      [4, ...Array(3).fill(3), ...Array(6).fill(2), ...Array(6).fill(1)],
    )
  },
)

t.test('results come in order, so much is begun ahead', async t => {
  const begun: number[] = []
  const work = async (one: number): Promise<number> => {
    begun.push(one)
    // The earlier, the longer.
    for (let turn = one; turn < 6; turn++) await setImmediate()
    return one * 10
  }
  const results: number[] = []
  for await (const result of inOrder([1, 2, 3, 4, 5], 2, work)) {
    results.push(result)
    t.ok(begun.length <= results.length + 1)
  }
  t.strictSame(results, [10, 20, 30, 40, 50])
  const failing = inOrder([1], 2, () => Promise.reject(new Error('fault')))
  await t.rejects(failing.next(), /fault/)
})
