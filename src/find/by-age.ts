// Lists of things that are sorted by age, from oldest to youngest, and the
// choice of one of them: the oldest, the youngest or a random one, so that no
// group of bad objects, however old or young, blocks all others.

/** The item that is taken. */
export type Choice = 'oldest' | 'youngest' | 'random'

/** Adds an item to a sorted list; of equal age, the first added counts as the oldest. The oldest has the smallest `age`. */
export function addByAge<T>(
  items: T[],
  item: T,
  age: (item: T) => number,
): void {
  const added = age(item)
  const last = items.at(-1)
  // Listings give most of them in this order.
  if (last === undefined || age(last) <= added) return void items.push(item)
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (age(items[middle] as T) <= added) low = middle + 1
    else high = middle
  }
  items.splice(low, 0, item)
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
