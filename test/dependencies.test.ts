// Holds the packages to what is promised of them: pinned, from the registry,
// none of them fetched or run where the program is installed, those in it named
// in the README with their reasons, their licences in the package. Needs the
// build.

import type { Metafile } from 'esbuild'
import { readFileSync } from 'node:fs'
import t from 'tap'

const REGISTRY = 'https://registry.npmjs.org/'

interface Locked {
  version: string
  /** Left out where it is the registry. */
  resolved?: string
  integrity: string
  hasInstallScript?: boolean
}

interface Manifest {
  scripts: Record<string, string>
  files: string[]
  bin: Record<string, string>
  devDependencies: Record<string, string>
  allowScripts: Record<string, boolean>
}

const text = (path: string): string => readFileSync(path, 'utf8')
const read = <T>(path: string): T => JSON.parse(text(path)) as T

const manifest = read<Manifest>('package.json')
const { devDependencies } = manifest
const { '': root, ...locked } = read<{ packages: Record<string, Locked> }>(
  'package-lock.json',
).packages
const { outputs } = read<Metafile>('dist/program.json')
const inputs = Object.values(outputs).flatMap(({ inputs }) =>
  Object.keys(inputs),
)
// A linked node_modules has its own path before it.
const isBundled = (folder: string): boolean =>
  inputs.some(input =>
    input.replace(/^.*?(?=node_modules\/)/, '').startsWith(`${folder}/`),
  )

t.test('every package is pinned, and comes from the registry', async t => {
  for (const [name, pin] of Object.entries(devDependencies)) {
    t.match(pin, /^\d+\.\d+\.\d+$/, name)
    t.equal(locked[`node_modules/${name}`]?.version, pin, name)
  }
  t.match(root, { devDependencies })
  const strange = Object.entries(locked).filter(
    ([, { resolved, integrity }]) =>
      !integrity.startsWith('sha512-') ||
      !(resolved ?? REGISTRY).startsWith(REGISTRY),
  )
  t.strictSame(strange, [])
})

t.test('installing the program fetches nothing and runs nothing', async t => {
  const fetched = Object.keys(manifest).filter(key =>
    /^(?!devDep).*dependencies/i.test(key),
  )
  t.strictSame(fetched, [])
  // npm 11 warns of prepare where the package is not from the registry.
  const own = Object.keys(manifest.scripts)
  t.notOk(own.some(name => /^((pre|post)?install|prepare)$/.test(name)))
})

t.test('npm is told of each package that would run a script', async t => {
  const scripts = Object.entries(locked)
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([folder]) => folder)
  t.notOk(scripts.some(isBundled))
  t.strictSame(
    Object.keys(manifest.allowScripts),
    scripts.map(folder => folder.replace(/^.*node_modules\//, '')),
  )
})

t.test('the installed command starts with Node', async t => {
  const program = text(manifest.bin['lr-s3-input'] ?? '')
  t.match(program, /^#!\/usr\/bin\/env node\n/)
})

t.test(
  'the README gives the reason of each package that is bundled',
  async t => {
    const list = /<!-- dependencies -->[^]*?<!-- \/dependencies -->/.exec(
      text('README.md'),
    )?.[0]
    const rows = list?.matchAll(/^\| `(\S+)` \| (.+) \|$/gm) ?? []
    const named = [...rows].map(([, name]) => name)
    const bundled = Object.keys(devDependencies).filter(name =>
      isBundled(`node_modules/${name}`),
    )
    t.strictSame(named.toSorted(), bundled.toSorted())
  },
)

t.test('the package holds the licence of all that was bundled', async t => {
  const licenses = text('dist/THIRD-PARTY-LICENSES.txt')
  t.ok(manifest.files.includes('dist/THIRD-PARTY-LICENSES.txt'))
  for (const [path, { version }] of Object.entries(locked)) {
    if (!isBundled(path)) continue
    const name = path.replace(/^.*node_modules\//, '')
    t.ok(licenses.includes(`\n${name} ${version} (`), name)
  }
  t.ok(licenses.includes(text('node_modules/ini/LICENSE').trim()))
  t.ok(licenses.includes(text('node_modules/@smithy/core/LICENSE').trim()))
})
