// Holds the packages to what is promised of them: pinned, from the registry,
// no script of theirs where the program is installed, each named in the README
// with its reason, its licence in the package. Needs the build.

import type { Metafile } from 'esbuild'
import { readFileSync } from 'node:fs'
import t from 'tap'

const REGISTRY = 'https://registry.npmjs.org/'

interface Locked {
  version: string
  /** Left out where it is the registry. */
  resolved?: string
  integrity: string
  dev?: boolean
  hasInstallScript?: boolean
}

const text = (path: string): string => readFileSync(path, 'utf8')
const read = <T>(path: string): T => JSON.parse(text(path)) as T

const { dependencies, devDependencies } =
  read<Record<'dependencies' | 'devDependencies', Record<string, string>>>(
    'package.json',
  )
const { '': root, ...locked } = read<{ packages: Record<string, Locked> }>(
  'package-lock.json',
).packages

t.test('every package is pinned, and comes from the registry', async t => {
  for (const pins of [dependencies, devDependencies])
    for (const [name, pin] of Object.entries(pins)) {
      t.match(pin, /^\d+\.\d+\.\d+$/, name)
      t.equal(locked[`node_modules/${name}`]?.version, pin, name)
    }
  t.match(root, { dependencies, devDependencies })
  const strange = Object.entries(locked).filter(
    ([, { resolved, integrity }]) =>
      !integrity.startsWith('sha512-') ||
      !(resolved ?? REGISTRY).startsWith(REGISTRY),
  )
  t.strictSame(strange, [])
})

t.test('nothing of the program runs a script when installed', async t => {
  const scripts = Object.entries(locked).filter(
    ([, { dev, hasInstallScript }]) => hasInstallScript && !dev,
  )
  t.strictSame(scripts, [])
  const own = Object.keys(read<{ scripts: object }>('package.json').scripts)
  t.notOk(own.some(name => /^(pre|post)?install$/.test(name)))
})

t.test('the installed command starts with Node', async t => {
  const program = text(
    read<{ bin: Record<string, string> }>('package.json').bin['lr-s3-input'] ??
      '',
  )
  t.match(program, /^#!\/usr\/bin\/env node\n/)
})

t.test('the README gives the reason of each package', async t => {
  const list = /<!-- dependencies -->[^]*?<!-- \/dependencies -->/.exec(
    text('README.md'),
  )?.[0]
  const rows = list?.matchAll(/^\| `(\S+)` \| (.+) \|$/gm) ?? []
  const named = [...rows].map(([, name]) => name)
  t.strictSame(named.toSorted(), Object.keys(dependencies).toSorted())
})

t.test('the package holds the licence of all that was bundled', async t => {
  const licenses = text('dist/THIRD-PARTY-LICENSES.txt')
  t.ok(
    read<{ files: string[] }>('package.json').files.includes(
      'dist/THIRD-PARTY-LICENSES.txt',
    ),
  )
  const outputs = ['dist/program.json', 'dist/aws-sdk.json'].flatMap(path =>
    Object.values(read<Metafile>(path).outputs),
  )
  const inputs = outputs.flatMap(({ inputs }) => Object.keys(inputs))
  for (const [path, { version }] of Object.entries(locked)) {
    if (!inputs.some(input => input.startsWith(`${path}/`))) continue
    const name = path.replace(/^.*node_modules\//, '')
    t.ok(licenses.includes(`\n${name} ${version} (`), name)
  }
  t.ok(licenses.includes(text('node_modules/ini/LICENSE').trim()))
  t.ok(licenses.includes(text('node_modules/@smithy/core/LICENSE').trim()))
})
