// What is no file in the place of one is told at once, never waited for.

import { execFileSync } from 'node:child_process'
import {
  closeSync,
  constants,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { errorReason, NoFileError } from '../../src/files/error-code.ts'
import { kindAt, openNamed, readNamed } from '../../src/files/named-file.ts'
import { loadSettings } from '../../src/settings/load-settings.ts'
import { UsageError } from '../../src/settings/settings-error.ts'
import { keysOfFile } from '../../src/verify/keys/public-keys.ts'
import { readStored } from '../../src/verify/stored/read-stored.ts'
import { StoredRecords } from '../../src/verify/stored/stored-records.ts'

const { O_APPEND, O_CREAT, O_RDONLY, O_WRONLY } = constants
const APPENDING = O_WRONLY | O_APPEND | O_CREAT

function pipeIn(folder: string): string {
  const path = join(folder, 'pipe')
  execFileSync('mkfifo', [path])
  return path
}

void t.test('a file is read and written', t => {
  const path = join(t.testdir({ file: 'one ' }), 'file')
  const file = openNamed(path, APPENDING)
  writeSync(file, 'two')
  closeSync(file)
  t.equal(readNamed(path).toString(), 'one two')
  t.equal(kindAt(path), undefined)
  const made = `${path}.new`
  t.equal(kindAt(made), undefined)
  closeSync(openNamed(made, APPENDING, 0o600))
  t.equal(readFileSync(made, 'utf8'), '')
  t.end()
})

void t.test('a pipe, a socket and a device are told by their kind', async t => {
  // The path of a socket may not be long.
  const folder = mkdtempSync(join(tmpdir(), 'named-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const pipe = pipeIn(folder)
  const socket = join(folder, 'socket')
  const server = createServer().listen(socket)
  t.teardown(() => server.close())
  await new Promise(resolve => server.once('listening', resolve))
  for (const [path, kind] of [
    [pipe, 'a pipe'],
    [socket, 'a socket'],
    ['/dev/null', 'a device'],
  ] as const) {
    t.equal(kindAt(path), kind)
    for (const flags of [O_RDONLY, APPENDING])
      try {
        openNamed(path, flags)
        t.fail(`${kind} was opened`)
      } catch (error) {
        t.ok(error instanceof NoFileError)
        t.equal(errorReason(error), `it is ${kind}, not a file`)
      }
  }
})

void t.test('a folder is refused as the system refuses it', t => {
  const folder = t.testdir()
  t.throws(() => readNamed(folder), { code: 'EISDIR' })
  t.throws(() => openNamed(folder, APPENDING), { code: 'EISDIR' })
  t.throws(() => readNamed(join(folder, 'none')), { code: 'ENOENT' })
  t.end()
})

void t.test('no file that a person names is waited for', async t => {
  const pipe = pipeIn(t.testdir())
  t.throws(() => loadSettings(pipe, undefined), {
    message: /reading .*pipe: it is a pipe, not a file; name/,
  })
  await t.rejects(keysOfFile(pipe), {
    name: 'UsageError',
    message: /it is a pipe, not a file; write it/,
  })
  const { signal } = new AbortController()
  await t.rejects(
    readStored([pipe], process.stdin, 's3://b/', new StoredRecords(), signal),
    new UsageError(
      `--records ${pipe}: it is a pipe, not a file; name files that can be read, or - for stdin`,
    ),
  )
})
