// Turns what esbuild says it put into the program into the licences and
// notices of those packages, dist/THIRD-PARTY-LICENSES.txt, which goes into
// the package beside the program. A package whose licence does not go with
// ours, or asks for a text that is not there, fails the build.

import type { Metafile } from 'esbuild'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

// May be part of a program under Apache-2.0, with their notices beside it.
const COMPATIBLE =
  /^(Apache-2\.0|MIT|ISC|BSD-[23]-Clause|0BSD|BlueOak-1\.0\.0)$/

/** Lists the folders of the packages that a bundle has code of. */
function bundledPackages({ outputs }: Metafile): string[] {
  const inputs = Object.values(outputs).flatMap(({ inputs }) =>
    Object.keys(inputs),
  )
  const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/
  const folders = inputs.flatMap(input => folder.exec(input)?.[0] ?? [])
  return [...new Set(folders)].toSorted()
}

/** Reads a package's licence and notice files; throws where they do not do. */
function licenseText(folder: string, name: string, license: unknown): string {
  if (typeof license !== 'string' || !COMPATIBLE.test(license))
    throw new Error(
      `${name} is under ${JSON.stringify(license)}, which is not among the licences known to go with Apache-2.0: do without it, or look into it and add it in test/third-party-licenses.ts`,
    )
  const files = readdirSync(folder).filter(file =>
    /^(licen[cs]e|notice|copying)/i.test(file),
  )
  // Some packages of AWS come without one; ours is the same text.
  if (files.length === 0 && license === 'Apache-2.0')
    return readFileSync('LICENSE', 'utf8')
  if (files.length === 0)
    throw new Error(
      `${name} is under ${license} but has no licence file to hand on: look for its text in its repository`,
    )
  return files
    .map(file => readFileSync(join(folder, file), 'utf8').trim())
    .join('\n\n')
}

const metafile = JSON.parse(
  readFileSync('dist/program.json', 'utf8'),
) as Metafile
const packagesByText = new Map<string, string[]>()
for (const folder of bundledPackages(metafile)) {
  const file = join(folder, 'package.json')
  const { name, version, license } = JSON.parse(readFileSync(file, 'utf8'))
  const text = licenseText(folder, name, license)
  const packages = packagesByText.get(text) ?? []
  packagesByText.set(text, [...packages, `${name} ${version} (${license})`])
}
const sections = [...packagesByText].map(
  ([text, packages]) => `${packages.join('\n')}\n\n${text.trimEnd()}\n`,
)
writeFileSync(
  'dist/THIRD-PARTY-LICENSES.txt',
  `lr-s3-input.cjs holds code of these packages, each under the licence below it.\n\n${sections.join(`\n${'-'.repeat(78)}\n\n`)}`,
)
