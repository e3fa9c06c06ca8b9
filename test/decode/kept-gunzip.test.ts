// One engine for all bodies: whatever came before, each is inflated, or
// refused, as gunzipSync does it with an engine of its own.

import { gunzipSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import t from 'tap'
import {
  gunzipKept,
  MAX_KEPT_OUTPUT,
  type Inflated,
} from '../../src/decode/kept-gunzip.ts'
import { errorCode } from '../../src/files/error-code.ts'

const plain = fc.uint8Array({ maxLength: 300 })
const gzip = fc
  .array(plain, { minLength: 1, maxLength: 3 })
  .map(parts => Buffer.concat(parts.map(part => gzipSync(part))))
const body = fc.oneof(
  gzip,
  gzip.map(bytes => Buffer.concat([bytes, Buffer.alloc(9)])),
  gzip.map(bytes => Buffer.concat([bytes, Buffer.from('more')])),
  fc.tuple(gzip, fc.nat()).map(([bytes, at]) => {
    return bytes.subarray(0, at % bytes.length)
  }),
  fc.tuple(gzip, fc.nat(), fc.integer({ min: 1, max: 255 })).map(changed),
  fc.nat({ max: 3 }).map(times => {
    return gzipSync(Buffer.alloc(MAX_KEPT_OUTPUT - 2 + times))
  }),
)

function changed([bytes, at, change]: [Buffer, number, number]): Buffer {
  const copy = Buffer.from(bytes)
  copy[at % bytes.length]! ^= change
  return copy
}

const once = (bytes: Buffer): Inflated =>
  gunzipSync(bytes, {
    info: true,
    maxOutputLength: MAX_KEPT_OUTPUT,
  }) as unknown as Inflated

function outcome(gunzip: (bytes: Buffer) => Inflated, bytes: Buffer) {
  try {
    const { buffer, engine } = gunzip(bytes)
    return { text: buffer.toString('hex'), used: engine.bytesWritten }
  } catch (error) {
    return { code: errorCode(error) }
  }
}

t.test('any bodies in any order are inflated as each alone', async t => {
  const warnings: Error[] = []
  const onWarning = (warning: Error): void => void warnings.push(warning)
  process.on('warning', onWarning)
  t.teardown(() => process.off('warning', onWarning))
  fc.assert(
    fc.property(fc.array(body, { maxLength: 20 }), bodies => {
      for (const bytes of bodies)
        t.strictSame(outcome(gunzipKept, bytes), outcome(once, bytes))
    }),
    { numRuns: 300 },
  )
  await new Promise(setImmediate)
  t.strictSame(warnings, [])
})

t.test('an output stays as it is while others follow', t => {
  const bodies = Array.from({ length: 200 }, (_, index) =>
    Buffer.from(`${index}`.repeat(500)),
  )
  const outputs = bodies.map(bytes => gunzipKept(gzipSync(bytes)).buffer)
  t.strictSame(outputs, bodies)
  t.end()
})
