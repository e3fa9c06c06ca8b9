// Works through a stack or a list several items at once: each is a page, a
// partition or a leaf, whose requests wait more than they compute.

const AT_ONCE = 8

/**
 * Runs `work` on each item of a stack, from its end, several at once, while
 * `hasTime` allows; items that `work` pushes are processed too. Items not begun
 * stay on the stack. Throws the errors of `work`.
 */
export function inParallel<T>(
  stack: T[],
  hasTime: () => boolean,
  work: (thing: T) => Promise<void>,
  atOnce = AT_ONCE,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let running = 0
    const fill = (): void => {
      while (running < atOnce && hasTime()) {
        const next = stack.pop()
        if (next === undefined) break
        running++
        work(next).then(onDone).catch(reject)
      }
      if (running === 0) resolve()
    }
    const onDone = (): void => {
      running--
      fill()
    }
    fill()
  })
}

/** Runs `work` on each item of a list, so many at once, and yields the results in the list's order; throws the errors of `work`. */
export async function* inOrder<T, R>(
  things: Iterable<T>,
  atOnce: number,
  work: (thing: T) => Promise<R>,
): AsyncGenerator<R> {
  const begun: Promise<R>[] = []
  for (const thing of things) {
    const promise = work(thing)
    // A task may fail long before it is awaited.
    promise.catch(() => {})
    begun.push(promise)
    if (begun.length >= atOnce) yield begun.shift() as Promise<R>
  }
  for (const promise of begun) yield promise
}
