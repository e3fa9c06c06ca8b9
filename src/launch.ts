#!/usr/bin/env node

// Starts the program, and the AWS SDK where it is asked: this file's bundle holds
// both as texts, and V8's code caches lie beside it, since compiling a text each
// minute anew would take a fifth of an idle cycle. A cache is code, so it is
// trusted as far as its owner and digest go; without one all runs the same. An
// older Node can read this file, and is told in a sentence what it lacks.

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
import { setFlagsFromString } from 'node:v8'
import { Script } from 'node:vm'
import { gunzipSync } from 'node:zlib'
import awsSdk from 'lr-s3-input/aws-sdk'
import program from 'lr-s3-input/program'

// The first of each major version that has what the program needs: zlib.crc32,
// which 21 never got. Those above have it from their beginning.
const FIRST_OF: Readonly<Record<number, number>> = { 20: 17, 22: 2 }
const NEWEST_LISTED = 22
const SETTINGS_WRONG = 2
const DIGEST_BYTES = 32
const YOUNG_HEAP_STAYS = '--semi-space-growth-factor=1'
// So small a heap is cleared sooner than other threads are woken to help.
const CLEARED_ALONE = '--no-parallel-scavenge'
// Else what ran once, at the start, is thrown away in a long cycle, is not in
// the cache that it leaves, and is compiled anew at each start from then on.
const CODE_STAYS = '--no-flush-bytecode'
// Code is optimized after twice as much work: a cycle is too short for most of
// what V8 would compile for it. Later ones know no such flag.
const OPTIMIZED_LATER = '--interrupt-budget=135168'
const OTHERS_MAY_WRITE = 0o022
// As the program imports it.
const AWS_SDK = './aws-sdk.ts'

interface Exports {
  cycled?: boolean
}
let main: Exports = {}

/** Says what is wrong with a version of Node, such as 18.20.8; undefined if it will do. */
function lacking(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > NEWEST_LISTED || minor >= (FIRST_OF[major] ?? Infinity))
    return undefined
  return `lr-s3-input needs Node 20.17 or newer, but none of 21.0 to 22.1; this is ${version}: have another node run it`
}

function refuse(message: string): void {
  const time = new Date().toISOString()
  const line = { time, level: 'error', event: 'node_version', message }
  const { stderr } = process
  stderr.write(`${stderr.isTTY ? message : JSON.stringify(line)}\n`)
  process.exitCode = SETTINGS_WRONG
}

function launch(): void {
  // Garbage may not spread: it would double the resident memory. Set first,
  // since V8 refuses code that was cached under other flags.
  setFlagsFromString(YOUNG_HEAP_STAYS)
  setFlagsFromString(CLEARED_ALONE)
  setFlagsFromString('--heap-growing-percent=60')
  setFlagsFromString(CODE_STAYS)
  if (process.versions.node.startsWith('20.'))
    setFlagsFromString(OPTIMIZED_LATER)
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

/** Runs a text as a module, from its cache if there is one; else one is made at the end of a cycle. */
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
      // Only a whole cycle has compiled what the next one needs.
      if (!main.cycled) return
      // The cycle of a flow log lets it grow, and the next start has not yet.
      setFlagsFromString(YOUNG_HEAP_STAYS)
      writeCache(cachePath, text, script)
    })
  return module.exports
}

function readCache(path: string, text: string): Buffer | undefined {
  try {
    // A pipe in its place is not waited for.
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

// V8 checks its own version and flags, but of the text no more than the length,
// and of the code nothing: damage would run.
function digestOf(text: string, code: Buffer): Buffer {
  const platform = `${process.version} ${process.arch} `
  return createHash('sha256')
    .update(platform)
    .update(text)
    .update(code)
    .digest()
}

// In a folder that all may write to, anybody could have put it there.
function isTrusted({ uid, mode }: Stats): boolean {
  if (process.platform === 'win32') return true
  const owners = [0, process.getuid?.(), statSync(__filename).uid]
  return owners.includes(uid) && (mode & OTHERS_MAY_WRITE) === 0
}

// Another process may do the same at this moment; a folder that cannot be
// written to is left alone, and nothing that goes wrong here is told.
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
