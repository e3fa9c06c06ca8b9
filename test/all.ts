// Runs every test file, all of them compiled beforehand: tap's loaders cost
// well over a second of CPU for each file that is read through them. One file
// alone needs none of this: `npx tap test/cursor/lock.test.ts`. The trap: here
// a test is run from dist/test, so it names files from the root of the project
// (`test/fixtures/...`), not from its own folder. Properties draw the same events
// in each run; a file run alone draws others every time.

import { build, type Plugin } from 'esbuild'
import { readdirSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import t from 'tap'

// Ignored by git, and left out of the package.
const COMPILED = 'dist/test'

const names = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.test.ts'))
  .map(name => name.slice(0, -'.ts'.length))
  .toSorted()

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
  entryPoints: names.map(name => join('test', `${name}.ts`)),
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
  const file = join(COMPILED, `${name}.js`)
  // Without NODE_OPTIONS, or tap's loader is back in each file.
  const node = ['-u', 'NODE_OPTIONS', process.execPath, '--enable-source-maps']
  t.spawn('env', [...node, file], { buffered: true }, `test/${name}.ts`)
}
