// Numbers that look random and are the same for the same seed, so that two
// versions are measured on the same bytes.

export interface Random {
  /** Gives a whole number from 0 to one below `limit`. */
  below(limit: number): number
  /** Gives one member of a list that is not empty. */
  pick<T>(list: readonly T[]): T
  /** Gives so many characters of an alphabet. */
  text(length: number, alphabet?: string): string
}

const HEX = '0123456789abcdef'

/** Starts a series of numbers from a seed (mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit)
  }
  return {
    below,
    pick<T>(list: readonly T[]): T {
      if (list.length === 0) throw new Error('nothing to pick from')
      return list[below(list.length)] as T
    },
    text(length, alphabet = HEX) {
      let text = ''
      while (text.length < length) text += alphabet[below(alphabet.length)]
      return text
    },
  }
}

/** Makes an id of the form that AWS gives its events. */
export function uuid(random: Random): string {
  const part = (length: number) => random.text(length)
  return `${part(8)}-${part(4)}-4${part(3)}-a${part(3)}-${part(12)}`
}
