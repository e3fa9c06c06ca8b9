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

// The text that the name stands for (SPDX), for packages, such as ndjson, that
// come without one and whose repository has none.
const BSD_3_CLAUSE = `Redistribution and use in source and binary forms, with or without
modification, are permitted provided that the following conditions are met:

1. Redistributions of source code must retain the above copyright notice, this
   list of conditions and the following disclaimer.

2. Redistributions in binary form must reproduce the above copyright notice,
   this list of conditions and the following disclaimer in the documentation
   and/or other materials provided with the distribution.

3. Neither the name of the copyright holder nor the names of its contributors
   may be used to endorse or promote products derived from this software
   without specific prior written permission.

THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE FOR
ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES
(INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES;
LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON
ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY, OR TORT
(INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE OF THIS
SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.`

/** Lists the folders of the packages that a bundle has code of. */
function bundledPackages({ outputs }: Metafile): string[] {
  const inputs = Object.values(outputs).flatMap(({ inputs }) =>
    Object.keys(inputs),
  )
  const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/
  const folders = inputs.flatMap(input => folder.exec(input)?.[0] ?? [])
  return [...new Set(folders)].toSorted()
}

interface Manifest {
  name: string
  version: string
  license: unknown
  author?: string | { name: string }
}

/** Reads a package's licence and notice files; throws where they do not do. */
function licenseText(
  folder: string,
  { name, license, author }: Manifest,
): string {
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
  if (files.length === 0 && license === 'BSD-3-Clause' && author)
    return `Copyright (c) ${typeof author === 'string' ? author : author.name}\n\n${BSD_3_CLAUSE}`
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
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest
  const { name, version, license } = manifest
  const text = licenseText(folder, manifest)
  const packages = packagesByText.get(text) ?? []
  packagesByText.set(text, [
    ...packages,
    `${name} ${version} (${String(license)})`,
  ])
}
const sections = [...packagesByText].map(
  ([text, packages]) => `${packages.join('\n')}\n\n${text.trimEnd()}\n`,
)
writeFileSync(
  'dist/THIRD-PARTY-LICENSES.txt',
  `lr-s3-input.cjs holds code of these packages, each under the licence below it.\n\n${sections.join(`\n${'-'.repeat(78)}\n\n`)}`,
)
