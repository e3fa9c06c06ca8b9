// Works through a stack, some of it at once: a page, a folder or a leaf each,
// whose requests wait more than they compute.

/** Does `work` with each thing of a stack, so much at once, from its end, as long as it may go on; throws what `work` throws. */
export async function inParallel<T>(
  stack: T[],
  atOnce: number,
  mayGoOn: () => boolean,
  work: (thing: T) => Promise<void>,
): Promise<void> {
  const worker = async (): Promise<void> => {
    while (mayGoOn()) {
      const next = stack.pop()
      if (next === undefined) return
      await work(next)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}
