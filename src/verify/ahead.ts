// Does a step whose requests wait for several things at once, and gives its
// results in order.

/** Yields what `work`, which must not reject, makes of each item, in their order; so many are begun ahead. */
export async function* workAhead<T, R>(
  items: Iterable<T>,
  atOnce: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const begun: Promise<R>[] = []
  for (const item of items) {
    begun.push(work(item))
    if (begun.length >= atOnce) yield begun.shift() as Promise<R>
  }
  for (const next of begun) yield next
}
