// When a failure is everyone's, and when it is a request's own.

import t from 'tap'
import { confirmFaults } from '../../src/s3/confirm-faults.ts'
import { SourceError } from '../../src/s3/errors/source-error.ts'
import { denied } from '../lib/s3/refusals.ts'
import { MemoryStore } from '../lib/s3/memory-store.ts'

const signature = new SourceError(
  'reading s3://logs/a+b: SignatureDoesNotMatch (HTTP 403): no; check SecretAccessKey',
  {
    code: 'SignatureDoesNotMatch',
    kind: 'access',
    affectsAll: true,
    unsigned: true,
  },
)
const expired = new SourceError('x', { ...signature, code: 'ExpiredToken' })
const unreached = new SourceError('x', {
  code: 'ECONNREFUSED',
  kind: 'network',
  affectsAll: true,
})
const settings = { BucketName: 'logs', FilePath: 'AWSLogs/' }

function setUp(fault: SourceError, probed?: SourceError) {
  const memory = new MemoryStore()
  memory.onGet = () => {
    throw fault
  }
  memory.onList = async ({ prefix }) => {
    if (prefix === 'a+b/') throw fault
    if (probed) throw probed
  }
  return { memory, store: confirmFaults(memory, settings) }
}
const get = { key: 'a+b', etag: undefined, from: 0 }
const list = { prefix: 'a+b/', delimiter: true, startAfter: '' }

t.test('what a LIST of FilePath meets as well is everyone’s', async t => {
  for (const fault of [signature, expired]) {
    const { memory, store } = setUp(fault, fault)
    const { code } = fault
    const all = { code, affectsAll: true, unsigned: true }
    await t.rejects(store.get(get), all)
    await t.rejects(store.list(list), all)
    t.match(memory.lists[0], { prefix: 'AWSLogs/', keys: 1 })
  }
})

t.test('what it does not meet is the request’s own', async t => {
  for (const probed of [undefined, expired, denied]) {
    const { store } = setUp(signature, probed)
    const own = {
      code: 'SignatureDoesNotMatch',
      kind: 'access',
      affectsAll: false,
      unsigned: false,
      message:
        /^reading s3:\/\/logs\/a\+b: .*: no; .*a LIST of s3:\/\/logs\/AWSLogs\/ is answered otherwise.*gateway/,
    }
    await t.rejects(store.get(get), own)
    await t.rejects(store.list(list), own)
  }
})

t.test('what is no suspicion is passed on as it is', async t => {
  for (const fault of [denied, unreached]) {
    const { memory, store } = setUp(fault)
    await t.rejects(store.get(get), fault)
    t.equal(memory.lists.length, 0)
  }
})

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate)
}

t.test('one is asked at a time, and after the error', async t => {
  const { memory, store } = setUp(signature)
  const answers: (() => void)[] = []
  memory.onList = () => new Promise(resolve => answers.push(resolve))
  const first = Promise.allSettled([store.get(get), store.get(get)])
  await turns()
  t.equal(answers.length, 1, 'one for both')
  const second = Promise.allSettled([store.get(get), store.get(get)])
  await turns()
  t.equal(answers.length, 1, 'one at a time')
  answers.shift()?.()
  await first
  await turns()
  t.equal(answers.length, 1, 'that under way said nothing of the later ones')
  answers.shift()?.()
  await second
  t.equal(memory.lists.length, 2)
})
