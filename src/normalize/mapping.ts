// What a mapping table is made of. A table is data, one row an output field:
// the compiled mapping and the manual's list of fields both come from it, so
// they cannot differ.

/** Says where a row comes from: P published by LogRhythm, P* published with an evident slip repaired, C chosen here; `(→ C)`: the last source of the chain was, `P, C`: the second name was. */
export type Mark = 'P' | 'P*' | 'C' | 'P, C' | 'P (→ C)' | 'P* (→ C)'

/** Describes an output field of a log type, or two fields that share a source. */
export interface Row {
  /** Two names hold the same value; of an `ip-else-name` the first holds an address (of several that commas join, the first), the second anything else. */
  readonly names: readonly string[]
  /** `time` is RFC 3339 text, `unix-time` Unix seconds; times and numbers are left out where they cannot be read. An `other-ip` is the first source where it is an address and differs from the second. The `id` of a record is the first source that is a text of 1 to 128 characters. */
  readonly kind:
    | 'text'
    | 'id'
    | 'ip-else-name'
    | 'other-ip'
    | 'number'
    | 'time'
    | 'unix-time'
  /** Sources in order, the first that holds something wins; or what `compute` reads. */
  readonly from: readonly string[]
  readonly only?: Condition
  readonly mark: Mark
  readonly example: string
  readonly compute?: Compute
  /** Says for the manual what is computed. */
  readonly about?: string
}

/** Says that a source counts only where the value of another path is this text. */
export interface Condition {
  readonly source: string
  readonly path: string
  readonly is: string
}

/** Reads the sources of a computed row, by their place in `from`; what is blank is nothing. */
export interface Sources {
  has(source: number): boolean
  get(source: number): unknown
  /** Tests the bytes from `from` to before `to` of a source as they stand in the record; false where there is none. */
  some(
    source: number,
    test: (bytes: Buffer, from: number, to: number) => boolean,
  ): boolean
}

/** Makes a value out of its sources; undefined leaves the field out. */
export type Compute = (sources: Sources) => unknown

/** Makes a row of a table; of several names, separated by a comma, each is a field. */
export function row(
  kind: Row['kind'],
  names: string,
  from: readonly string[],
  mark: Mark,
  example: string,
): Row {
  return { names: names.split(', '), kind, from, mark, example }
}

/** Lists all paths that a row reads. */
export function pathsOf({ from, only }: Row): readonly string[] {
  return only === undefined ? from : [...from, only.path]
}

/** Makes a row whose value is computed from its sources. */
export function computed(
  names: string,
  from: readonly string[],
  mark: Mark,
  example: string,
  about: string,
  compute: Compute,
): Row {
  return { ...row('text', names, from, mark, example), about, compute }
}
