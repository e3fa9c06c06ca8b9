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
