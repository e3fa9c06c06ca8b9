// The folders of digests are found beside the logs of a bucket.

import t from 'tap'
import { SourceError } from '../../../src/s3/errors/source-error.ts'
import {
  digestFolderBeside,
  findDigestFolders,
} from '../../../src/verify/digests/digest-folders.ts'
import { MemoryStore } from '../../lib/s3/memory-store.ts'

const { signal } = new AbortController()

const storeOf = (...folders: string[]): MemoryStore => {
  const store = new MemoryStore()
  for (const folder of folders)
    for (const day of ['2025/12/31', '2026/11/27', '2026/11/28'])
      store.put(`${folder}${day}/x.json.gz`, 0)
  return store
}
const found = async (FilePath: string, store: MemoryStore) => {
  const { folders, findings } = await findDigestFolders(FilePath, store, signal)
  t.strictSame(findings, [])
  return folders.map(({ prefix }) => prefix)
}

const refusal = (affectsAll: boolean) =>
  new SourceError('listing: AccessDenied', {
    code: 'AccessDenied',
    kind: 'access',
    affectsAll,
  })

const A = 'AWSLogs/111122223333/'
const ORGANIZATION = 'AWSLogs/o-abc/444455556666/'

t.test('every folder of digests under FilePath is found', async t => {
  const digests = [
    `${A}CloudTrail-Digest/cn-north-1/`,
    `${A}CloudTrail-Digest/us-east-1/`,
    `${A}CloudTrail-Digest/us-gov-west-1/`,
    `${ORGANIZATION}CloudTrail-Digest/eu-west-1/`,
    `trail/prefix/${A}CloudTrail-Digest/us-east-1/`,
  ]
  const others = [
    `${A}CloudTrail/us-east-1/`,
    `${A}CloudTrail-Insight/us-east-1/`,
    `${A}vpcflowlogs/us-east-1/`,
    `${A}CloudTrail-Digests/us-east-1/`,
    'other/CloudTrail/us-east-1/',
  ]
  const store = storeOf(...digests, ...others)
  for (const pageSize of [1000, 1]) {
    store.pageSize = pageSize
    t.strictSame(await found('', store), digests)
  }
  t.strictSame(await found('AWSLogs/', store), digests.slice(0, 4))
  t.strictSame(await found(A, store), digests.slice(0, 3))
  t.strictSame(await found(ORGANIZATION, store), digests.slice(3, 4))
  t.strictSame(await found('trail/', store), digests.slice(4))
  store.pageSize = 1000
  store.lists.length = 0
  await found(A, store)
  t.ok(
    store.lists.every(({ prefix }) => !prefix.includes('/2026/')),
    'no year is walked',
  )
})

t.test(
  'digest folders lie beside the service that FilePath leads into',
  async t => {
    const here = `${A}CloudTrail-Digest/us-east-1/`
    const there = `${A}CloudTrail-Digest/eu-west-1/`
    const store = storeOf(here, there, `${A}CloudTrail/us-east-1/`)
    t.strictSame(await found(`${A}CloudTrail/`, store), [there, here])
    t.strictSame(await found(`${A}CloudTrail-Insight/`, store), [there, here])
    t.strictSame(await found(`${A}CloudTrail/us-east-1/`, store), [here])
    t.strictSame(await found(`${A}CloudTrail/us-east-1/2026/`, store), [here])
    t.strictSame(await found(`${A}CloudTrail-Digest/`, store), [there, here])
    t.strictSame(await found(here, store), [here])
  },
)

t.test('outside AWSLogs the name shows a digest folder', async t => {
  const copy = 'copies/one/CloudTrail-Digest/us-east-1/'
  const store = storeOf(copy, 'copies/one/CloudTrail/us-east-1/')
  t.strictSame(await found('copies/', store), [copy])
  t.strictSame(await found('copies/one/CloudTrail/', store), [copy])
  const named = 'CloudTrail/AWSLogs/111122223333/CloudTrail-Digest/us-east-1/'
  t.strictSame(await found('CloudTrail/', storeOf(named)), [named])
})

t.test('the name of a digest folder shows its account and region', async t => {
  t.strictSame(digestFolderBeside(`${ORGANIZATION}CloudTrail/us-east-1/`), {
    prefix: `${ORGANIZATION}CloudTrail-Digest/us-east-1/`,
    account: '444455556666',
    region: 'us-east-1',
  })
  t.equal(digestFolderBeside(`${A}CloudTrail-Digest/us-east-1/`), undefined)
})

t.test('a folder that is not listed, or not dated, is reported', async t => {
  const store = storeOf(`${A}CloudTrail-Digest/us-east-1/`)
  store.put(`${A}CloudTrail-Digest/eu-west-1/x.json.gz`, 0)
  store.put('AWSLogs/999988887777/CloudTrail-Digest/x/y/z', 0)
  store.onList = ({ prefix }) => {
    if (prefix.includes('999988887777')) throw refusal(false)
  }
  const { folders, findings } = await findDigestFolders('', store, signal)
  t.match(folders, [{ region: 'us-east-1' }])
  t.match(findings.map(({ code }) => code).toSorted(), [
    'listing',
    'not-a-digest',
  ])
  const told = findings.find(({ code }) => code === 'listing')
  t.match(told?.message, /^the bucket: folders of digests/)
  store.onList = () => {
    throw refusal(true)
  }
  await t.rejects(findDigestFolders('', store, signal), /AccessDenied/)
})
