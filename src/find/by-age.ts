// Lists of things that are sorted by age, from oldest to youngest, and the
// choice of one of them: the oldest, the youngest or a random one, so that no
// group of bad objects, however old or young, blocks all others.

/** The item that is taken. */
export type Choice = 'oldest' | 'youngest' | 'random'

/** Adds items to a sorted list; of equal age, the first added counts as the oldest. The oldest has the smallest `age`. */
export function addByAge<T>(
  items: T[],
  added: readonly T[],
  age: (item: T) => number,
): void {
  const sorted = added.toSorted((a, b) => age(a) - age(b))
  let at = items.length - 1
  items.push(...sorted)
  // Merged from the end: only the younger ones move.
  for (let to = items.length - 1; sorted.length > 0; to--) {
    const last = sorted.at(-1) as T
    const other = items[at] as T
    if (at < 0 || age(other) <= age(last)) items[to] = sorted.pop() as T
    else {
      items[to] = other
      at--
    }
  }
}

/** Takes an item out of a sorted list; undefined if it is empty. `random` gives a number from 0 to below 1. */
export function takeOne<T>(
  items: T[],
  choice: Choice,
  random: () => number,
): T | undefined {
  if (choice === 'oldest') return items.shift()
  if (choice === 'youngest') return items.pop()
  return items.splice(Math.floor(random() * items.length), 1)[0]
}
