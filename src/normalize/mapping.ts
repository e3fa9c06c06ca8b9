// The parts of a mapping table. A table is data, one row for an output field:
// the compiled mapping and the manual's list of fields both come from it, so
// they cannot differ.

/** The origin of a row: P published by LogRhythm, P* published with an evident slip repaired, C chosen here. `(→ C)`: the last source was chosen here; `P, C`: the second name was. */
export type Mark = 'P' | 'P*' | 'C' | 'P, C' | 'P (→ C)' | 'P* (→ C)'

/** An output field of a log type, or two fields that share a source. */
export interface Row {
  /** Two names hold the same value; of an `ip-else-name` the first name holds an address (the first in a comma-separated list), the second any other value. */
  readonly names: readonly string[]
  /** `time` is RFC 3339 text, `unix-time` Unix seconds; times and numbers are left out where they cannot be read. An `other-ip` is the first source where it is an address and differs from the second, a `protocol` the IANA keyword of a protocol number. The `id` of a record is the first source that is a text of 1 to 128 characters. */
  readonly kind:
    | 'text'
    | 'id'
    | 'ip-else-name'
    | 'other-ip'
    | 'protocol'
    | 'number'
    | 'time'
    | 'unix-time'
  /** The sources in order, of which the first with a value wins; with `compute`, its inputs. */
  readonly from: readonly string[]
  readonly only?: Condition
  readonly mark: Mark
  readonly example: string
  readonly compute?: Compute
  /** The manual's description of a computed value. */
  readonly about?: string
}

/** A condition: the source counts only if the value at `path` is this text. */
export interface Condition {
  readonly source: string
  readonly path: string
  readonly is: string
}

/** Reads the sources of a computed row, by their index in `from`; a blank source is absent. */
export interface Sources {
  has(source: number): boolean
  get(source: number): unknown
  /** Tests a source's bytes in the record, from `from` to before `to`; false without the source. */
  some(
    source: number,
    test: (bytes: Buffer, from: number, to: number) => boolean,
  ): boolean
}

/** Computes a value from its sources; undefined leaves the field out. */
export type Compute = (sources: Sources) => unknown

/** Makes a row of a table; comma-separated names are a field each. */
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
