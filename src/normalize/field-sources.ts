// The sources of a computed row in the current record. All rows share one
// instance, since no two are computed at once.
import { ABSENT, isPresent, type Values } from '../decode/values.ts'
import type { Sources } from './mapping.ts'

class FieldSources implements Sources {
  #values: Values | undefined
  #slots: readonly number[] = []

  of(values: Values, slots: readonly number[]): this {
    this.#values = values
    this.#slots = slots
    return this
  }

  has(source: number): boolean {
    const slot = this.#slots[source] ?? -1
    return slot >= 0 && this.#values?.has(slot) === true
  }

  get(source: number): unknown {
    const slot = this.#slots[source] ?? -1
    const value = slot < 0 ? undefined : this.#values?.get(slot)
    return isPresent(value) ? value : undefined
  }

  some(source: number, test: Parameters<Sources['some']>[1]): boolean {
    const slot = this.#slots[source] ?? -1
    const values = this.#values
    if (slot < 0 || values === undefined || values.kinds[slot] === ABSENT)
      return false
    const start = values.starts[slot] as number
    return test(values.bytes, start, values.ends[slot] as number)
  }
}

/** Reads the sources of a row, by the slots of a record's values. */
export const fieldSources = new FieldSources()
