import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import { inParallel } from '../../src/find/pool.ts'

t.test('so much at once, from the end, each once', async t => {
  const begun: number[] = []
  let now = 0
  let most = 0
  await inParallel(
    [1, 2, 3, 4, 5, 6, 7],
    3,
    () => true,
    async one => {
      begun.push(one)
      most = Math.max(most, ++now)
      await setImmediate()
      now--
    },
  )
  t.strictSame(begun, [7, 6, 5, 4, 3, 2, 1])
  t.equal(most, 3)
})

t.test('what may not go on is left, and a fault is thrown', async t => {
  const stack = [1, 2, 3, 4]
  let done = 0
  await inParallel(
    stack,
    1,
    () => done < 2,
    async () => void done++,
  )
  t.strictSame(stack, [1, 2])
  const fault = new Error('fault')
  const failing = async (): Promise<void> => Promise.reject(fault)
  await t.rejects(
    inParallel([1], 2, () => true, failing),
    fault,
  )
})

t.test(
  'what work puts on the stack is done, though all else waits for it',
  async t => {
    const done: number[] = []
    const stack = [4]
    await inParallel(
      stack,
      3,
      () => true,
      async one => {
        await setImmediate()
        done.push(one)
        for (let more = 0; more < one - 1; more++) stack.push(one - 1)
      },
    )
    t.strictSame(
      done.toSorted((a, b) => b - a),
      [4, ...Array(3).fill(3), ...Array(6).fill(2), ...Array(6).fill(1)],
    )
  },
)
