// Finds the descendants of a process, including those in a session of their
// own. A process that outlived its parent is another's child by then and is not
// found; without /proc none is found.

import { readdirSync, readFileSync } from 'node:fs'
import { orElse } from '../../files/error-code.ts'

// The name before it may hold any characters.
const PARENT = /.*\) \S (\d+) /s

/** Gives the ids of a process's visible descendants. */
export function descendantsOf(pid: number): number[] {
  const children = new Map<number, number[]>()
  for (const [child, parent] of parents())
    children.set(parent, [...(children.get(parent) ?? []), child])
  const found: number[] = []
  for (let of: number[] = [pid]; of.length > 0;) {
    of = of.flatMap(one => children.get(one) ?? [])
    found.push(...of)
  }
  return found
}

function* parents(): Generator<[child: number, parent: number]> {
  for (const name of processNames())
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1')
      yield [Number(name), Number(PARENT.exec(stat)?.[1])]
    } catch {
      // The process has just ended.
    }
}

function processNames(): string[] {
  if (process.platform !== 'linux') return []
  return orElse([], () => readdirSync('/proc')).filter(name =>
    /^\d+$/.test(name),
  )
}
