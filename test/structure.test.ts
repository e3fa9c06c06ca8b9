// Holds src to its order: every folder a stage, imports downward only, no
// circles, no long files. What breaks it today is listed, and the list can only
// get shorter. And the bundle to what keeps it quick.

import type { Metafile } from 'esbuild'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { structureFaults } from './lib/structure/structure-faults.ts'

const KNOWN: readonly string[] = []

const paths = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ts'))
  .map(name => join('src', name))
const files = new Map(paths.map(path => [path, readFileSync(path, 'utf8')]))

t.test('imports lead down, in no circle, and no file is long', async t => {
  const faults = structureFaults(files)
  t.strictSame(
    faults.filter(fault => !KNOWN.includes(fault)),
    [],
    'what breaks the order of src',
  )
  t.strictSame(
    KNOWN.filter(fault => !faults.includes(fault)),
    [],
    'what is listed and breaks it no longer: take it off the list',
  )
})

// esbuild wraps in functions whatever is reached from an import on demand, and
// V8 runs the loops of what is wrapped slower: by two fifths where each byte of
// CloudTrail is looked at. Needs the build.
t.test('nothing that all records pass is loaded on demand', async t => {
  const { inputs } = JSON.parse(
    readFileSync('dist/program.json', 'utf8'),
  ) as Metafile
  const importsOf = (path: string) => inputs[path]?.imports ?? []
  const onDemand = Object.keys(inputs)
    .flatMap(importsOf)
    .filter(({ kind }) => kind === 'dynamic-import')
    .map(({ path }) => path)
  t.ok(onDemand.includes('src/s3/proxy/tunnel.ts'), 'some are')
  const reached = new Set(onDemand)
  for (const path of reached)
    for (const next of importsOf(path)) reached.add(next.path)
  const hot = /^src\/(?:decode|normalize|output|cycle)\//
  t.strictSame(
    [...reached].filter(path => hot.test(path)),
    [],
  )
})
