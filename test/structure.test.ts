// Holds src to its order: every folder a stage, imports downward only, no
// circles, no long files. What breaks it today is listed, and the list can only
// get shorter.

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
