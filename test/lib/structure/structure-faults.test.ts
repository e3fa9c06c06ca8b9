import t from 'tap'
import { MAX_LINES, structureFaults } from './structure-faults.ts'

const faultsOf = (files: Record<string, string>): string[] =>
  structureFaults(new Map(Object.entries(files)))

const upward = (path: string, name: string): string[] =>
  faultsOf({ [path]: `import { a } from '${name}'` })

const lines = (count: number): string => '// line\n'.repeat(count)

t.test('imports from the own stage and from those below are right', async t => {
  const faults = faultsOf({
    'src/clock.ts': 'export const clock = {}',
    'src/settings/parse.ts': "import { clock } from '../clock.ts'",
    'src/s3/errors/advice.ts':
      "import { parse } from '../../settings/parse.ts'",
    'src/s3/access/credential-session.ts':
      "import { advice } from '../errors/advice.ts'\nimport { clock } from '../../clock.ts'",
    'src/s3/store.ts':
      "import { session } from './access/credential-session.ts'",
    'src/cursor/cursor.ts': "import { Journal } from './journal.ts'",
    'src/cursor/journal.ts': "import fs from 'node:fs'",
    'src/find/leaves.ts': "import { store } from '../s3/store.ts'",
    'src/fetch/body.ts': "import { Leaf } from '../find/leaves.ts'",
    'src/decode/gunzip-stream.ts': '',
    'src/output/lines.ts':
      "import { gunzip } from '../decode/gunzip-stream.ts'",
    'src/cycle.ts': "import { emit } from './cycle/emit.ts'",
    'src/cycle/emit.ts':
      "import { lines } from '../output/lines.ts'\nimport { body } from '../fetch/body.ts'",
    'src/commands/collect.ts': "import { cycle } from '../cycle.ts'",
    'src/main.ts':
      "import { collect } from './commands/collect.ts'\nimport p from '../package.json' with { type: 'json' }",
    'src/launch.ts': "import program from 'lr-s3-input/program'",
  })
  t.strictSame(faults, [])
})

t.test('an import upward is named with both files', async t => {
  t.strictSame(upward('src/files/real-path.ts', '../cursor/cursor-error.ts'), [
    'src/files/real-path.ts imports src/cursor/cursor-error.ts, but files may not import cursor',
  ])
  t.strictSame(upward('src/s3/access/credential-session.ts', '../store.ts'), [
    'src/s3/access/credential-session.ts imports src/s3/store.ts, but s3/access may not import s3',
  ])
  t.strictSame(upward('src/cycle/deep/down/emit.ts', '../../../main.ts'), [
    'src/cycle/deep/down/emit.ts imports src/main.ts, but cycle may not import main',
  ])
})

t.test('the bucket and the lines know nothing of each other', async t => {
  const both = faultsOf({
    'src/normalize/a.ts': "import type { B } from '../cursor/b.ts'",
    'src/cursor/b.ts': "export * from '../output/c.ts'",
  })
  t.strictSame(both, [
    'src/cursor/b.ts imports src/output/c.ts, but cursor may not import output',
    'src/normalize/a.ts imports src/cursor/b.ts, but normalize may not import cursor',
  ])
})

t.test('a type, a late import and an import in a type count too', async t => {
  for (const line of [
    "import type { Cycle } from '../cycle.ts'",
    "import { type Cycle } from '../cycle.ts'",
    "export type { Cycle } from '../cycle.ts'",
    "const { cycle } = await import('../cycle.ts')",
    "type Cycle = typeof import('../cycle.ts')",
    "import '../cycle.ts'",
  ])
    t.strictSame(
      faultsOf({ 'src/fetch/body.ts': line }),
      [
        'src/fetch/body.ts imports src/cycle.ts, but fetch may not import cycle',
      ],
      line,
    )
})

t.test('what only reads like an import is none', async t => {
  const text =
    "// import a from '../cycle.ts'\nconst b = \"from '../cycle.ts'\""
  t.strictSame(faultsOf({ 'src/fetch/body.ts': text }), [])
})

t.test('a circle is named file by file, once', async t => {
  const faults = faultsOf({
    'src/find/a.ts': "import { b } from './b.ts'",
    'src/find/b.ts': "import type { C } from './c.ts'",
    'src/find/c.ts': "import type { A } from './a.ts'",
    'src/find/d.ts': "import { a } from './a.ts'",
  })
  t.strictSame(faults, [
    'src/find/a.ts -> src/find/b.ts -> src/find/c.ts -> src/find/a.ts is a circle',
  ])
  t.strictSame(faultsOf({ 'src/clock.ts': "import './clock.ts'" }), [
    'src/clock.ts -> src/clock.ts is a circle',
  ])
})

t.test('a file of 250 lines passes, one of 251 does not', async t => {
  t.strictSame(faultsOf({ 'src/clock.ts': lines(MAX_LINES) }), [])
  t.strictSame(faultsOf({ 'src/clock.ts': lines(MAX_LINES + 1) }), [
    'src/clock.ts has 251 lines, and 250 is the most',
  ])
})

t.test('a folder that is no stage is named', async t => {
  t.strictSame(faultsOf({ 'src/utils/a.ts': '' }), [
    'src/utils/a.ts is in no stage that is known',
  ])
})
