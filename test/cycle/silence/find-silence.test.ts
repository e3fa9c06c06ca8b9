// A cycle that collects nothing because of its settings says so, as long as
// they match nothing; one of quiet accounts does not.
import t, { type Test } from 'tap'
import { Cursor } from '../../../src/cursor/cursor.ts'
import { InProcessCycle } from '../../lib/cycle/in-process-cycle.ts'

const DAY = '2026/03/10/'
const LEAF = 'AWSLogs/111122223333/CloudTrail/us-east-1/'
const MINUTE = 60_000
const DONE = { outcome: 'done', reason: '' } as const

function start(t: Test, settings: string, keys = [`${LEAF}${DAY}a.json.gz`]) {
  const cycle = new InProcessCycle(t, settings)
  for (const key of keys) cycle.putAt(key)
  return cycle
}

async function reasonOf(cycle: InProcessCycle): Promise<string> {
  const { verdict } = await cycle.run()
  return verdict?.outcome === 'partial' ? verdict.reason : ''
}

t.test('settings that match nothing, in the words of check', async t => {
  for (const [settings, ...words] of [
    ['FilePath=awslogs/', 'awslogs/ matches nothing', 'did you mean AWSLogs/?'],
    [
      'FilePath=AWSLogs/\nDepthToRecurse=1',
      'DepthToRecurse is 1, but the folders with logs are 3 below FilePath',
    ],
    [
      'RegionFolders=US-EAST-1',
      'RegionFolders names US-EAST-1',
      'did you mean us-east-1?',
    ],
    ['ExclusionDirectories=1111', 'ExclusionDirectories 1111 leaves every'],
    ['FilePath=AWSLogs/999988887777/', 'it has 111122223333/'],
    ['Inclusions=gz', 'Inclusions gz leaves out all 1 object', 'a.json.gz'],
    ['Exclusions=*', 'Exclusions * leaves out all 1 object'],
  ] as const) {
    const cycle = start(t, settings)
    const reason = await reasonOf(cycle)
    for (const word of words) t.ok(reason.includes(word), reason || settings)
    t.equal(await reasonOf(cycle), reason, 'and again')
    cycle.configure('')
    const mended = await cycle.run()
    t.strictSame(mended.verdict, DONE, 'until they are mended')
    t.equal(mended.counts.objects_done, 1)
    cycle.configure(settings)
    t.equal(await reasonOf(cycle), reason, 'whatever was collected before')
  }
  const insight = `${LEAF.replace('/us', '-Insight/us')}${DAY}a.gz`
  const cycle = start(t, '', [insight])
  const reason = await reasonOf(cycle)
  t.match(reason, 'CloudTrailFolders is CloudTrail, but the folders')
  t.match(reason, 'set CloudTrailFolders=CloudTrail,CloudTrail-Insight')
  cycle.configure('CloudTrailFolders=CloudTrail-Insight')
  const mended = await cycle.run()
  t.strictSame(mended.verdict, DONE)
  t.equal(mended.counts.objects_done, 1)
  t.match(await reasonOf(start(t, '', [])), 'the bucket logs is empty')
  t.match(
    await reasonOf(start(t, '', ['elsewhere/2026/03/10/a.gz'])),
    'holds no dated folder',
  )
})

t.test('a store that does not look at the delimiter is told of', async t => {
  const cycle = start(t, 'FilePath=AWSLogs/')
  const { store } = cycle
  const list = store.list.bind(store)
  store.list = request => list({ ...request, delimiter: false })
  const reason = await reasonOf(cycle)
  t.match(
    reason,
    `answered ${LEAF}${DAY}a.json.gz to a request for the folders in s3://`,
  )
  t.match(reason, /ignore the delimiter; tell the operator of the store/)
})

t.test('the reason is found out as often as leaves are looked for', async t => {
  const cycle = start(t, 'FilePath=awslogs/\nDiscoveryMinutes=60')
  const reason = await reasonOf(cycle)
  const { store, clock } = cycle
  const first = store.lists.length
  for (let minute = 1; minute < 59; minute++) {
    store.lists.length = 0
    clock.advance(MINUTE)
    t.equal(await reasonOf(cycle), reason)
    t.ok(store.lists.length < first)
    for (const { prefix } of store.lists) t.equal(prefix, 'awslogs/')
  }
  // Logs where the setting leads end it at once.
  cycle.putAt('awslogs/2026/03/10/a.gz')
  t.strictSame((await cycle.run()).verdict, DONE)
})

t.test('patterns that let nothing through, until they do', async t => {
  const cycle = start(t, 'Inclusions=*.log\nSweepMinutes=15', [])
  cycle.putAt(`${LEAF}2026/03/01/old.gz`)
  t.equal(await reasonOf(cycle), '', 'a quiet account')
  cycle.putAt(`${LEAF}${DAY}a.gz`)
  cycle.putAt(`${LEAF}${DAY}b.gz`)
  const reason = await reasonOf(cycle)
  t.match(reason, 'Inclusions *.log leaves out all 2 objects')
  cycle.clock.advance(MINUTE)
  t.equal(await reasonOf(cycle), reason)
  cycle.putAt(`${LEAF}${DAY}c.log`)
  t.strictSame((await cycle.run()).verdict, DONE)
  cycle.putAt(`${LEAF}${DAY}d.gz`)
  t.strictSame((await cycle.run()).verdict, DONE, 'one is enough')
})

t.test('not before all was listed whole', async t => {
  const cycle = start(t, 'Inclusions=*.log\nMaxResultCount=1', [])
  for (const name of ['a.gz', 'b.gz', 'c.log'])
    cycle.putAt(`${LEAF}${DAY}${name}`)
  cycle.store.pageSize = 1
  let listed = 0
  cycle.store.onList = ({ prefix }) => {
    if (prefix === `${LEAF}${DAY}` && ++listed === 2)
      throw new Error('the network')
  }
  t.notMatch(await reasonOf(cycle), 'leaves out')
  t.strictSame((await cycle.run()).verdict, DONE)
})

t.test('an object collected before is one that passes', async t => {
  const cycle = start(t, '')
  await cycle.run()
  cycle.putAt(`${LEAF}${DAY}junk.txt`)
  cycle.configure('Inclusions=*.gz')
  t.strictSame((await cycle.run()).verdict, DONE)
})

t.test('a shard without a leaf is no silence, unless none has', async t => {
  const cycle = start(t, 'Shard=1/2')
  const outcomes = [await reasonOf(cycle)]
  cycle.restore('')
  cycle.configure('Shard=2/2')
  outcomes.push(await reasonOf(cycle))
  t.strictSame(outcomes, ['', ''])
  cycle.restore('')
  cycle.configure('Shard=2/2\nFilePath=awslogs/')
  t.match(await reasonOf(cycle), 'awslogs/ matches nothing')
})

t.test('the result stays in the cursor', async t => {
  const cycle = start(t, 'FilePath=awslogs/')
  const reason = await reasonOf(cycle)
  const cursor = await Cursor.open({
    path: cycle.cursorPath,
    bucket: 'logs',
    logType: 'CloudTrail',
    readOnly: true,
  })
  t.equal(cursor.state.silence.noFolders, reason)
  await cursor.close()
})

t.test('a search that failed says nothing of the settings', async t => {
  const cycle = start(t, 'FilePath=awslogs/')
  cycle.store.onList = () => {
    throw new Error('the network')
  }
  t.equal((await cycle.run()).verdict?.outcome, 'network')
  cycle.store.onList = () => {}
  t.match(await reasonOf(cycle), 'awslogs/ matches nothing')
})
