import { once } from 'node:events'
import type { Readable } from 'node:stream'
import t from 'tap'
import type { Fault } from './faults.ts'
import { sdkClient, startS3 } from './sdk-client.ts'

const BODY = Buffer.from('0123456789'.repeat(1000))

t.test('a fault changes the answer and nothing else', async t => {
  const s3 = await startS3(t)
  s3.put('k', BODY)
  const { get, list } = sdkClient(t, s3)
  const under = (fault: Fault) => {
    s3.fault = request => (request.kind === 'other' ? undefined : fault)
  }
  const received = async () => {
    const chunks: Buffer[] = []
    const { Body } = await get('k')
    const ended = (async () => {
      for await (const chunk of Body as Readable) chunks.push(chunk)
    })()
    const error: unknown = await ended.catch(e => e)
    return { error, bytes: Buffer.concat(chunks) }
  }

  under({ status: 503, code: 'SlowDown' })
  const slowDown = { name: 'SlowDown', $metadata: { httpStatusCode: 503 } }
  await t.rejects(get('k'), slowDown)
  await t.rejects(list(), slowDown)

  under({ kind: 'redirect', region: 'eu-west-1' })
  const redirect = { name: 'PermanentRedirect', Bucket: 'logs' }
  await t.rejects(list(), redirect)

  under({ kind: 'reset' })
  await t.rejects(get('k'), { code: 'ECONNRESET' })
  t.match(s3.requests.at(-1), { key: 'k', status: 0 })

  under({ kind: 'empty' })
  t.equal((await list()).KeyCount, undefined)

  under({ kind: 'html' })
  await t.rejects(list(), Error)

  under({ kind: 'malformed' })
  await t.rejects(list(), Error)

  for (const after of [0, 1, 9999]) {
    under({ kind: 'cut', after })
    const { error, bytes } = await received()
    t.match(error, { message: 'aborted' })
    t.same(bytes, BODY.subarray(0, after))
  }

  under({ kind: 'short', length: 17 })
  t.match(await get('k'), { ContentLength: 17 })
  t.same(await received(), { error: undefined, bytes: BODY.subarray(0, 17) })

  under({ kind: 'slow', bytesPerSecond: 100_000 })
  t.same(await received(), { error: undefined, bytes: BODY })

  under({ kind: 'delay', ms: 1 })
  t.same(await received(), { error: undefined, bytes: BODY })

  s3.fault = undefined
  s3.latencyMs = 1
  t.same(await received(), { error: undefined, bytes: BODY })
})

t.test('a stalled request waits until the client gives up', async t => {
  const s3 = await startS3(t)
  s3.put('k', BODY)
  const { get } = sdkClient(t, s3)
  const patience = new AbortController()
  s3.fault = () => {
    setImmediate(() => patience.abort())
    return { kind: 'stall' }
  }
  await t.rejects(get('k', {}, patience.signal), { name: 'AbortError' })
  t.match(s3.requests, [{ key: 'k', status: 0 }])

  s3.fault = () => ({ kind: 'stall-body', after: 5 })
  const body = (await get('k')).Body as Readable
  const [chunk] = await once(body, 'data')
  t.equal(String(chunk), '01234')
  t.equal(body.readableEnded, false)
})
