// Compiles the table of a log type whose records are JSON objects. Each object
// that a path leads through is gone through once a record, and what the table
// wants of it is noted: cheaper than to ask it for every name, since most are
// absent. Only plain objects are gone into, so that no path ever meets the
// length of a text or what an object inherits.
import type { Normalized, Row } from './mapping.ts'
import { layout, writeMembers } from './members.ts'

/** A place in the record that paths lead through: which slot each wanted name fills, and the places inside it. */
interface Place {
  readonly slots: Map<string, number>
  readonly inner: Map<string, Inner>
}

interface Inner extends Place {
  readonly slot: number
  readonly isArray: boolean
}

/** Makes the function that maps a record by a table. The text that the record was parsed from speeds it up. */
export function objectMapping(
  rows: readonly Row[],
): (record: unknown, text?: string) => Normalized {
  const root: Place = { slots: new Map(), inner: new Map() }
  // Reused, since no two records are mapped at once, and emptied, since a record
  // can be large.
  const values: unknown[] = []
  const fields = layout(rows, path => slotOf(path, root, values))
  return (record, text) => {
    // JSON text without a backslash holds no string that needs one.
    const plain = text !== undefined && !text.includes('\\')
    try {
      note(record, root, values)
      return writeMembers(fields, values, plain)
    } finally {
      values.fill(undefined)
    }
  }
}

function slotOf(path: string, root: Place, values: unknown[]): number {
  const steps = path.split('.')
  const last = steps.pop() ?? ''
  let place = root
  for (const step of steps) {
    let inner = place.inner.get(step)
    if (inner === undefined) {
      const slot = want(step.replace('[0]', ''), place, values)
      const isArray = step.endsWith('[0]')
      inner = { slots: new Map(), inner: new Map(), slot, isArray }
      place.inner.set(step, inner)
    }
    place = inner
  }
  return want(last, place, values)
}

function want(name: string, { slots }: Place, values: unknown[]): number {
  const slot = slots.get(name) ?? values.push(undefined) - 1
  slots.set(name, slot)
  return slot
}

function note(value: unknown, place: Place, values: unknown[]): void {
  if (!isObject(value)) return
  for (const name in value) {
    const slot = place.slots.get(name)
    if (slot !== undefined) values[slot] = value[name]
  }
  for (const inner of place.inner.values()) {
    const held = values[inner.slot]
    if (!inner.isArray) note(held, inner, values)
    else if (Array.isArray(held)) note(held[0], inner, values)
  }
}

/** Tells a plain JSON object from anything else. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
