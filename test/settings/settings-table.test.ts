// Holds the table to LogRhythm's documented names, ranges and defaults, and to
// the ones that this program promises for its own settings.
import t from 'tap'
import { settingsTable } from '../../src/settings/settings-table.ts'
import { sectionOf, type Setting } from '../../src/settings/setting-kinds.ts'

const rows: readonly Setting[] = settingsTable

const documented = `
  Region AccessKeyId SecretAccessKey BucketName LogType FilePath DepthToRecurse
  NoOfBackDaysData ExclusionDirectories DataFolderFilesCount MaxQueueCount
  Inclusions Exclusions MaxResultCount StartupDelayInSeconds LogApiRequests
  RegionFolders ProxyServer ProxyPort UserName Password Domain SignatureVersion
`
  .trim()
  .split(/\s+/)

// Least, most, default; S3's own page is accepted for MaxResultCount.
const integers = {
  DepthToRecurse: [1, 10, ''],
  NoOfBackDaysData: [1, 7, '1'],
  DataFolderFilesCount: [100, 1000, '100'],
  MaxQueueCount: [50000, 100000, '50000'],
  MaxResultCount: [1, 1000, '100'],
  StartupDelayInSeconds: [0, 300, '30'],
  ProxyPort: [1, 65535, ''],
  MaxRecordBytes: [4096, 16777216, '1048576'],
  MaxCycleSeconds: [5, 3600, '20'],
  MaxCycleMegabytes: [1, 65536, '128'],
  SweepMinutes: [0, 1440, '15'],
  DiscoveryMinutes: [0, 1440, '60'],
  VerifyMinutes: [0, 1440, '0'],
  LateArrivalDays: [0, 90, '30'],
  HostQueueRecords: [0, 100_000, '1100'],
  MaxObjectAttempts: [1, 100, '5'],
}

t.test('has the settings of LogRhythm first and in its order', t => {
  t.same(
    rows.slice(0, documented.length).map(({ name }) => name),
    documented,
  )
  const ours = rows.slice(documented.length)
  t.same(new Set(ours.map(sectionOf)), new Set(['Plugin']))
  t.end()
})

t.test('has the promised ranges and defaults', t => {
  const found = rows.flatMap(row =>
    row.kind === 'integer'
      ? [[row.name, [...row.range, row.default ?? '']] as const]
      : [],
  )
  t.same(Object.fromEntries(found), integers)
  t.end()
})

t.test('names each setting once and describes it', t => {
  const names = new Set(rows.map(({ name }) => name.toLowerCase()))
  t.equal(names.size, rows.length)
  for (const { name, description } of rows) t.match(description, /\.$/, name)
  t.end()
})
