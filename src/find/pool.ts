// Works through a stack or a list, some of it at once: a page, a folder or a
// leaf each, whose requests wait more than they compute.

/**
 * Does `work` with each thing of a stack, so much at once, from its end, as
 * long as it may go on; what `work` puts on the stack is done too. What was not
 * begun is left on the stack. Throws what `work` throws.
 */
export function inParallel<T>(
  stack: T[],
  atOnce: number,
  mayGoOn: () => boolean,
  work: (thing: T) => Promise<void>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let running = 0
    const fill = (): void => {
      while (running < atOnce && mayGoOn()) {
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

/** Does `work` with each thing of a list, so much at once, and yields what comes of it in the list's order; throws what `work` throws. */
export async function* inOrder<T, R>(
  things: Iterable<T>,
  atOnce: number,
  work: (thing: T) => Promise<R>,
): AsyncGenerator<R> {
  const begun: Promise<R>[] = []
  for (const thing of things) {
    const promise = work(thing)
    // It may fail long before it is waited for.
    promise.catch(() => {})
    begun.push(promise)
    if (begun.length >= atOnce) yield begun.shift() as Promise<R>
  }
  for (const promise of begun) yield promise
}
