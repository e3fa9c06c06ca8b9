#!/usr/bin/env node

// Starts the program, and the AWS SDK on demand: this file's bundle holds both
// as texts, and V8's code caches lie beside it, since compiling a text anew
// each minute would take a fifth of an idle cycle. A cache is code, so it is
// trusted only by its owner and digest; without one the program runs the same.
// An older Node can read this file, which then names the versions needed.

import './hold-signals.ts'
import { createHash } from 'node:crypto'
import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  type Stats,
} from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { Script } from 'node:vm'
import { gunzipSync } from 'node:zlib'
import awsSdk from 'lr-s3-input/aws-sdk'
import program from 'lr-s3-input/program'
import { setStartFlags } from './v8-flags.ts'

// The first of each major version that has zlib.crc32, which the program needs
// and 21 never got. Later majors have had it from the start.
const FIRST_OF: Readonly<Record<number, number>> = { 20: 17, 22: 2 }
const NEWEST_LISTED = 22
const SETTINGS_WRONG = 2
const DIGEST_BYTES = 32
const OTHERS_MAY_WRITE = 0o022
// The specifier that the program imports.
const AWS_SDK = './aws-sdk.ts'

interface Exports {
  cycled?: boolean
}
let main: Exports = {}

/** Describes the fault of a version of Node, such as 18.20.8; undefined if it suffices. */
function lacking(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > NEWEST_LISTED || minor >= (FIRST_OF[major] ?? Infinity))
    return undefined
  return `lr-s3-input needs Node 20.17 or newer, except 21.0 to 22.1; this is ${version}: run it with another Node`
}

function refuse(message: string): void {
  const time = new Date().toISOString()
  const line = { time, level: 'error', event: 'node_version', message }
  const { stderr } = process
  stderr.write(`${stderr.isTTY ? message : JSON.stringify(line)}\n`)
  process.exitCode = SETTINGS_WRONG
}

function launch(): void {
  // Before any code, since V8 refuses code that was cached under other flags.
  setStartFlags()
  const load = createRequire(__filename)
  let sdk: unknown
  const loadSdk = (): unknown => {
    const text = gunzipSync(Buffer.from(awsSdk, 'base64')).toString('latin1')
    return run(text, `${__filename}.aws-sdk.cache`, load)
  }
  main = run(program, `${__filename}.cache`, name =>
    name === AWS_SDK ? (sdk ??= loadSdk()) : load(name),
  )
}

/** Runs a text as a module, from its cache if there is one; otherwise a cache is made at the end of a cycle. */
function run(
  text: string,
  cachePath: string,
  load: (name: string) => unknown,
): Exports {
  const cachedData = readCache(cachePath, text)
  const script = new Script(
    `(function(module, exports, require) {${text}\n})`,
    { filename: __filename, ...(cachedData && { cachedData }) },
  )
  const module: { exports: Exports } = { exports: {} }
  const body = script.runInThisContext() as (...args: unknown[]) => void
  body(module, module.exports, load)
  if (cachedData === undefined || script.cachedDataRejected)
    process.on('exit', () => {
      // Only a complete cycle has compiled the code that the next one needs.
      if (!main.cycled) return
      setStartFlags()
      writeCache(cachePath, text, script)
    })
  return module.exports
}

function readCache(path: string, text: string): Buffer | undefined {
  try {
    // A pipe in its place must not block the start.
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      if (!isTrusted(fstatSync(file))) return undefined
      const bytes = readFileSync(file)
      const code = bytes.subarray(DIGEST_BYTES)
      const digest = bytes.subarray(0, DIGEST_BYTES)
      return digestOf(text, code).equals(digest) ? code : undefined
    } finally {
      closeSync(file)
    }
  } catch {
    return undefined
  }
}

// V8 checks its own version and flags, but only the length of the text, and
// nothing of the code: damaged code would run.
function digestOf(text: string, code: Buffer): Buffer {
  const platform = `${process.version} ${process.arch} `
  return createHash('sha256')
    .update(platform)
    .update(text)
    .update(code)
    .digest()
}

// In a folder that all may write to, the file could be anyone's.
function isTrusted({ uid, mode }: Stats): boolean {
  if (process.platform === 'win32') return true
  const owners = [0, process.getuid?.(), statSync(__filename).uid]
  return owners.includes(uid) && (mode & OTHERS_MAY_WRITE) === 0
}

// Another process may do the same at this moment; an unwritable folder is left
// alone, and errors here are not reported.
function writeCache(path: string, text: string, script: Script): void {
  const draft = `${path}.${process.pid}`
  try {
    accessSync(dirname(path), constants.W_OK)
    const code = script.createCachedData()
    const mode = statSync(__filename).mode & 0o644
    const bytes = Buffer.concat([digestOf(text, code), code])
    writeFileSync(draft, bytes, { mode, flag: 'wx' })
    renameSync(draft, path)
  } catch {
    rmSync(draft, { force: true })
  }
}

const fault = lacking(process.versions.node)
if (fault === undefined) launch()
else refuse(fault)
