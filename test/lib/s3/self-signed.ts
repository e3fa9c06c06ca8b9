// A certificate made on the spot, which nobody vouches for but itself.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'

/** Makes a self-signed certificate for 127.0.0.1 and these names; undefined where openssl is missing. */
export function selfSigned(
  t: Test,
  names: readonly string[] = [],
): { key: string; cert: string; certFile: string } | undefined {
  // The test may want its own folder anew.
  const folder = mkdtempSync(join(tmpdir(), 'tls-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const at = (name: string): string => join(folder, name)
  const alternatives = ['IP:127.0.0.1', ...names.map(name => `DNS:${name}`)]
  const line =
    'req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 ' +
    `-days 1 -subj /CN=x -addext subjectAltName=${alternatives.join()}`
  const files = ['-keyout', at('key'), '-out', at('cert')]
  try {
    execFileSync('openssl', [...line.split(' '), ...files], { stdio: 'ignore' })
    return {
      key: readFileSync(at('key'), 'utf8'),
      cert: readFileSync(at('cert'), 'utf8'),
      certFile: at('cert'),
    }
  } catch {
    return undefined
  }
}
