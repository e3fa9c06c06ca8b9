// Everything else that is read, damaged in every way: the ini, S3's answers and
// the cursor are taken as they should be, or refused by an error of our own.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import t from 'tap'
import { answerError } from '../src/s3/exchange.ts'
import { listPage } from '../src/s3/list.ts'
import { objectAnswer } from '../src/s3/object-answer.ts'
import { readList } from '../src/s3/list.ts'
import { S3Clock } from '../src/s3/s3-clock.ts'
import { SourceError, sourceError } from '../src/s3/errors/source-error.ts'
import { cursorStatus } from '../src/commands/status/cursor-status.ts'
import { iniText } from '../src/commands/init/ini-text.ts'
import { statusText } from '../src/commands/status/status-text.ts'
import { Cursor } from '../src/cursor/cursor.ts'
import { CursorError } from '../src/cursor/cursor-error.ts'
import { parseSettings } from '../src/settings/parse-settings.ts'
import { SettingsError } from '../src/settings/settings-error.ts'
import { FakeClock } from './lib/fake-clock.ts'
import { damage } from './lib/mutations.ts'
import { NO_STEPS } from '../src/cursor/kept-objects.ts'
import { partialEntry } from './lib/cursor/entries.ts'

// A fault that was found is found again.
const RUNS = { seed: 20260102, numRuns: 1000 }

const INI = Buffer.from(
  `${iniText()}\nRegion=us-east-1\nBucketName=logs\nAccessKeyId=AKID\nSecretAccessKey=hush;h#sh%1"\n`,
)

t.test('a damaged ini', async () => {
  fc.assert(
    fc.property(damage, damaged => {
      try {
        parseSettings(damaged(INI), '/x/y.ini')
      } catch (error) {
        if (!(error instanceof SettingsError)) throw error
        if (error.message.includes('hush;h#sh'))
          throw new Error('it holds a secret', { cause: error })
      }
    }),
    RUNS,
  )
})

const PAGE = Buffer.from(
  '<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>logs</Name><KeyCount>2</KeyCount><EncodingType>url</EncodingType><IsTruncated>false</IsTruncated><Contents><Key>a+b%25%C3%BC</Key><LastModified>2026-01-02T03:04:05.000Z</LastModified><ETag>&quot;d41d&quot;</ETag><Size>12</Size></Contents><CommonPrefixes><Prefix>c/</Prefix></CommonPrefixes></ListBucketResult>',
)
const ERROR = Buffer.from(
  '<Error><Code>PermanentRedirect</Code><Message>Use &lt;another&gt;</Message><Region>eu-west-1</Region></Error>',
)

t.test('a damaged page is a page or refused', async () => {
  fc.assert(
    fc.property(damage, damaged => {
      try {
        const read = readList(damaged(PAGE).toString())
        const { objects, folders } = listPage(read, { prefix: '' }, 'listing')
        // As each is asked for.
        for (const { key } of objects) encodeURIComponent(key)
        for (const folder of folders) encodeURIComponent(folder)
      } catch (error) {
        if (!(error instanceof SourceError)) throw error
      }
    }),
    RUNS,
  )
})

t.test('a damaged refusal is one line', async () => {
  fc.assert(
    fc.property(damage, fc.nat(600), (damaged, status) => {
      const text = damaged(ERROR).toString()
      const { message } = sourceError(answerError(status, {}, text), 'listing')
      if (/[\r\n]/.test(message) || message.length > 1000)
        throw new Error(message)
    }),
    RUNS,
  )
})

const header = (text: string): fc.Arbitrary<string | undefined> =>
  fc.option(
    damage.map(damaged => damaged(Buffer.from(text)).toString('latin1')),
    { nil: undefined },
  )

t.test(
  'damaged headers name their version or none, and none is taken for more of one',
  async () => {
    const headers = fc.record({
      'content-range': header('bytes 5-9/10'),
      'content-length': header('5'),
      etag: header('"e"'),
    })
    const from = fc.constantFrom(0, 5)
    const wanted = fc.constantFrom(undefined, '"e"')
    fc.assert(
      fc.property(headers, from, wanted, (given, from, wanted) => {
        try {
          const asked = { key: 'k', etag: wanted, from }
          const { etag, size } = objectAnswer(given, asked, 'reading')
          const isNamed = ![undefined, '', '""'].includes(given.etag)
          if (isNamed && etag !== given.etag) throw new Error('named otherwise')
          if (etag === '' && wanted !== undefined) throw new Error('taken')
          if (size < 0) throw new Error('of less than nothing')
        } catch (error) {
          if (!(error instanceof SourceError)) throw error
        }
      }),
      RUNS,
    )
  },
)

function clockAfter(date: string | undefined): S3Clock {
  const s3Clock = new S3Clock(new FakeClock('2026-01-02T00:00Z'), 0)
  s3Clock.observe(date)
  return s3Clock
}

t.test('a Date that cannot be true is none', async t => {
  for (const date of [
    undefined,
    'soon',
    'Thu, 01 Jan 1970 00:00:00 GMT',
    'Fri, 01 Jan 9999 00:00:00 GMT',
    'Sat, 13 Sep 275760 00:00:00 GMT',
  ])
    t.equal(clockAfter(date).source, 'local', String(date))
  const s3Clock = clockAfter('Fri, 02 Jan 2026 03:04:05 GMT')
  t.equal(s3Clock.now(), 1767323045000)
})

t.test('one key that is no UTF-8 hides no other', async t => {
  const text = PAGE.toString().replace('%C3%BC', '%C3%28%FF%zz%')
  const { objects } = listPage(readList(text), { prefix: '' }, 'listing')
  t.match(objects, [{ key: 'a b%\ufffd(\ufffd%zz%' }])
})

const wrap = (text: string): string =>
  `<ListBucketResult><Name>b</Name><x>${text}</x></ListBucketResult>`

t.test('hostile XML costs no more than its length', async t => {
  for (const [text, isRead] of [
    ['&amp;'.repeat(3_000_000), false],
    ['&'.repeat(15_000_000), false],
    [`<a ${'b="c" '.repeat(1_000_000)}/>`, true],
    ['<a>'.repeat(5_000_000), false],
    ['&amp;'.repeat(10_000), true],
  ] as const) {
    const began = process.cpuUsage().user
    t.equal(readList(wrap(text)).Name === 'b', isRead)
    t.ok(process.cpuUsage().user - began < 2_000_000, text.slice(0, 20))
  }
})

const cursorOptions = { bucket: 'logs', logType: 'CloudTrail' } as const

// Makes the checksums fit.
const mend = (content: Buffer): Buffer => {
  const lines = content.toString('latin1').split('\n').filter(Boolean)
  return Buffer.concat(
    lines.map(line => {
      const json = Buffer.from(line.slice(9), 'latin1')
      const sum = crc32(json).toString(16).padStart(8, '0')
      return Buffer.from(`${sum} ${json.toString('latin1')}\n`, 'latin1')
    }),
  )
}
t.test('a damaged cursor is refused, also with checksums that fit', async t => {
  const path = join(t.testdir(), 'cursor')
  const cursor = await Cursor.open({ path, ...cursorOptions })
  const leaf = { prefix: 'a/', layout: 'date', from: '2026-01-01' } as const
  const unknown = { first: '', baseline: 0, newest: '', looked: '' }
  const failure = {
    folder: 'a/',
    folderDay: '',
    day: '2026-01-01',
    size: 1,
    etag: 'e',
    modified: 1,
    ...NO_STEPS,
    code: 'x',
    message: 'y',
    refused: false,
    at: 1,
  }
  cursor.record(
    {
      k: 'leaf',
      ...leaf,
      ...unknown,
      missed: 0,
      before: '',
      seen: 1,
      lookedAt: 0,
      lookAfter: '',
    },
    { k: 'folder', id: 1, prefix: 'a/2026/01/01/', day: '2026-01-01' },
    partialEntry({ key: 'a/2', etag: 'e', size: 9, records: 1 }),
    ...[false, true].map(quarantined => ({
      k: 'failed' as const,
      key: `a/${quarantined}`,
      ...failure,
      attempts: 1,
      counted: 1,
      tries: 1,
      due: 2,
      quarantined,
    })),
    { k: 'lookBack', began: 1, ended: 1, complete: 0, found: 1 },
    {
      k: 'cycle',
      number: 3,
      at: 1767323045000,
      clockOffset: 1,
      outcome: 'done',
      summary: { objects_left: 1 },
      left: [1, 2],
    },
  )
  await cursor.flush()
  await cursor.close()
  const sound = readFileSync(path)

  await fc.assert(
    fc.asyncProperty(damage, fc.boolean(), async (damaged, mended) => {
      const content = damaged(sound)
      writeFileSync(path, mended ? mend(content) : content)
      try {
        const read = { path, ...cursorOptions, readOnly: true }
        const { state } = await Cursor.open(read)
        const status = cursorStatus(state, 1767323045000)
        const size = {
          path,
          bytes: 1,
          objects: 1,
          older_bytes: 0,
          older_objects: 0,
        }
        statusText(
          { ...status, cursor: size },
          { bucket: 'b', now: 1, shard: '' },
        )
      } catch (error) {
        if (!(error instanceof CursorError)) throw error
      }
    }),
    RUNS,
  )
})

t.test('a page holds at most 1000 keys, as S3 makes it', async t => {
  const content =
    '<Contents><Key>k</Key><Size>1</Size><LastModified>2026-01-02T03:04:05Z</LastModified></Contents>'
  for (const [keys, isPage] of [
    [1000, true],
    [1001, false],
  ] as const) {
    const text = PAGE.toString().replace(
      /<Contents>.*<\/CommonPrefixes>/,
      content.repeat(keys),
    )
    const { Contents = [] } = readList(text)
    t.equal(Contents.length, isPage ? keys : 0)
  }
})
