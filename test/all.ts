// Runs every test file, all of them compiled beforehand: tap's loaders cost
// well over a second of CPU for each file that is read through them. One file
// alone needs none of this: `npx tap test/cursor/lock.test.ts`. The trap: here
// a test is run from dist/test, so it names files from the root of the project
// (`test/fixtures/...`), not from its own folder. Properties draw the same events
// in each run; a file run alone draws others every time. NODE_UNDER_TEST names
// another node for the tests and the program, TEST_FILES some of the files.

import { build, type Plugin } from 'esbuild'
import { readdirSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import t from 'tap'

// Ignored by git, and left out of the package.
const COMPILED = 'dist/test'
const ENDING = '.test.ts'
const { NODE_UNDER_TEST = process.execPath, TEST_FILES } = process.env

const all = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith(ENDING))
  .map(name => name.slice(0, -ENDING.length))
  .toSorted()
const names = TEST_FILES?.split(' ') ?? all
const unknown = names.filter(name => !all.includes(name))
if (unknown.length > 0)
  throw new Error(`TEST_FILES names no test: ${unknown.join(', ')}`)

const SEEDED = join(process.cwd(), 'test', 'lib', 'seeded-properties.ts')
const seeded: Plugin = {
  name: 'seeded properties',
  setup({ onResolve }) {
    onResolve({ filter: /^fast-check$/ }, ({ importer }) =>
      importer === SEEDED ? undefined : { path: SEEDED },
    )
  },
}

rmSync(COMPILED, { recursive: true, force: true })
await build({
  entryPoints: names.map(name => join('test', name + ENDING)),
  outdir: COMPILED,
  outbase: 'test',
  bundle: true,
  splitting: true,
  packages: 'external',
  platform: 'node',
  target: 'node20',
  format: 'esm',
  sourcemap: true,
  plugins: [seeded],
})

// The end-to-end tests wait much of their time.
t.jobs = 2 * availableParallelism()
// The limit, which ends what hangs, is each file's, not that of all of them.
t.setTimeout(0)
for (const name of names) {
  const file = join(COMPILED, `${name}.test.js`)
  // Without NODE_OPTIONS, or tap's loader is back in each file.
  const node = ['-u', 'NODE_OPTIONS', NODE_UNDER_TEST, '--enable-source-maps']
  t.spawn('env', [...node, file], { buffered: true }, `test/${name}${ENDING}`)
}
