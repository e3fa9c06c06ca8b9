// Compiles paths such as `userIdentity.arn` and `resources[0].type` into the
// tree that is walked beside a record's JSON.

/** The wanted members of one object, by the length of their names in bytes. */
export interface WantedMembers {
  readonly byLength: (Wanted[] | undefined)[]
  readonly all: Wanted[]
}

/** The slot of a member's value, and the wanted members inside it, or, for an array, inside its first element. */
export interface Wanted {
  readonly name: Buffer
  readonly slot: number
  inner: WantedMembers | undefined
  inFirst: WantedMembers | undefined
}

/** The tree of a list of paths; the slot of a path is its place in `names`. */
export interface WantedRecord {
  readonly names: readonly string[]
  readonly members: WantedMembers
}

/** Compiles paths; those that lead to others get slots too. */
export function wantedRecord(paths: readonly string[]): WantedRecord {
  const names: string[] = []
  const members = noMembers()
  for (const path of new Set(paths)) {
    let place = members
    let known = ''
    const steps = path.split('.')
    for (const [i, step] of steps.entries()) {
      const name = step.replace('[0]', '')
      known += known === '' ? name : `.${name}`
      const wanted = want(place, name, known, names)
      if (i === steps.length - 1) break
      if (name === step) place = wanted.inner ??= noMembers()
      else place = wanted.inFirst ??= noMembers()
      known = known.slice(0, -name.length) + step
    }
  }
  return { names, members }
}

/** Finds the wanted entry of a member by its name, given as bytes. */
export function findWanted(
  { byLength }: WantedMembers,
  bytes: Buffer,
  from: number,
  to: number,
): Wanted | undefined {
  const candidates = byLength[to - from]
  if (candidates === undefined) return undefined
  next: for (let i = 0; i < candidates.length; i++) {
    const wanted = candidates[i] as Wanted
    const { name } = wanted
    for (let k = to - from - 1; k >= 0; k--)
      if (name[k] !== bytes[from + k]) continue next
    return wanted
  }
  return undefined
}

/** Finds the wanted entry of a member whose name has escapes. */
export function findEscaped(
  members: WantedMembers,
  bytes: Buffer,
  from: number,
  to: number,
): Wanted | undefined {
  const text = bytes.toString('utf8', from - 1, to + 1)
  const name = Buffer.from(JSON.parse(text) as string)
  return findWanted(members, name, 0, name.length)
}

function want(
  { byLength, all }: WantedMembers,
  name: string,
  path: string,
  names: string[],
): Wanted {
  const bytes = Buffer.from(name)
  const known = all.find(wanted => wanted.name.equals(bytes))
  if (known !== undefined) return known
  const slot = names.push(path) - 1
  const wanted = { name: bytes, slot, inner: undefined, inFirst: undefined }
  all.push(wanted)
  ;(byLength[bytes.length] ??= []).push(wanted)
  return wanted
}

function noMembers(): WantedMembers {
  return { byLength: [], all: [] }
}
