// Holds the files of src to the house rules: each folder is a stage that
// imports only from itself and from stages below it, no file imports itself
// through others, and no file is long. Imports of types count as any other: who
// reads a file has to read what its types are, too.

import ts from 'typescript'

/** The most lines that a file of src may have. */
export const MAX_LINES = 250

// Each stage with those that it may import, beside itself. Two ways lead up
// from the settings, one from the bucket and one to stdout; they meet in the
// cycle and know nothing of each other.
const GROUND = ['clock', 'v8-flags', 'files', 'report', 'settings']
const BUCKET = [
  's3/errors',
  's3/proxy',
  's3/http',
  's3/access',
  's3',
  'cursor',
  'find',
]
const LINES = ['decode', 'normalize']
const BELOW_CYCLE = [...GROUND, ...BUCKET, 'fetch', ...LINES, 'output']
// What digests say, what they are signed with, what the host has stored, and
// the logs that are held against all of it.
const PROOF = ['verify/digests', 'verify/keys', 'verify/stored', 'verify/logs']
const STAGES = new Map<string, readonly string[]>([
  ...inOrder([], GROUND),
  ...inOrder(GROUND, [...BUCKET, 'fetch']),
  ...inOrder(GROUND, [...LINES, 'output']),
  ...inOrder(BELOW_CYCLE, [...PROOF, 'verify', 'cycle', 'commands', 'main']),
])
const TOP: ReadonlySet<string> = new Set([
  'launch',
  'hold-signals',
  'program.d',
])

/** Names everything in which files (texts by path, such as `src/main.ts`) break the rules, a sentence each, in order. */
export function structureFaults(files: ReadonlyMap<string, string>): string[] {
  const imports = new Map<string, string[]>()
  for (const [path, text] of files)
    imports.set(path, importsOf(path, text).filter(isOwn))
  return [
    ...[...files].flatMap(([path, text]) => lengthFault(path, text)),
    ...[...imports].flatMap(([path, others]) => orderFaults(path, others)),
    ...circles(imports),
  ].toSorted()
}

function inOrder(
  below: readonly string[],
  stages: readonly string[],
): [string, readonly string[]][] {
  return stages.map((stage, i) => [stage, [...below, ...stages.slice(0, i)]])
}

const isOwn = (path: string): boolean => /^src\/.+\.ts$/.test(path)

/** Resolves what a file imports, for its code or its types, at once or later, to paths. */
function importsOf(path: string, text: string): string[] {
  const { importedFiles } = ts.preProcessFile(text)
  return importedFiles
    .map(({ fileName }) => fileName)
    .filter(name => name.startsWith('.'))
    .map(name => new URL(name, `file:///${path}`).pathname.slice(1))
}

/** Finds the stage of a file: the longest folder that is one, or the file at the top. */
function stageOf(path: string): string {
  let name = path.replace(/^src\//, '').replace(/\.ts$/, '')
  if (TOP.has(name)) return 'main'
  while (name.includes('/') && !STAGES.has(name))
    name = name.slice(0, name.lastIndexOf('/'))
  return name
}

function lengthFault(path: string, text: string): string[] {
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
  if (lines <= MAX_LINES) return []
  return [`${path} has ${lines} lines, and ${MAX_LINES} is the most`]
}

function orderFaults(path: string, others: readonly string[]): string[] {
  const stage = stageOf(path)
  const allowed = STAGES.get(stage)
  if (allowed === undefined) return [`${path} is in no stage that is known`]
  return others
    .map(other => [other, stageOf(other)] as const)
    .filter(([, other]) => other !== stage && !allowed.includes(other))
    .map(
      ([other, its]) =>
        `${path} imports ${other}, but ${stage} may not import ${its}`,
    )
}

/** Names one circle, the shortest, through the first of all files that reach each other. */
function circles(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const named = new Set<string>()
  const found: string[] = []
  for (const path of [...imports.keys()].toSorted()) {
    if (named.has(path)) continue
    const circle = wayBack(path, imports)
    if (circle === undefined) continue
    for (const file of circle) named.add(file)
    found.push(`${[...circle, path].join(' -> ')} is a circle`)
  }
  return found
}

/** Gives the files on the shortest way from a file to itself, the file first; undefined when there is none. */
function wayBack(
  start: string,
  imports: ReadonlyMap<string, readonly string[]>,
): string[] | undefined {
  const seen = new Set<string>()
  let ways = [[start]]
  while (ways.length > 0) {
    const longer: string[][] = []
    for (const way of ways)
      for (const next of imports.get(way.at(-1) ?? '') ?? []) {
        if (next === start) return way
        if (seen.has(next)) continue
        seen.add(next)
        longer.push([...way, next])
      }
    ways = longer
  }
  return undefined
}
