import { resolve } from 'node:path'
import t from 'tap'
import { iniText } from '../../../src/commands/init/ini-text.ts'
import { parseSettings } from '../../../src/settings/parse-settings.ts'
import { settingsTable } from '../../../src/settings/settings-table.ts'

const iniPath = resolve('aws.ini')
const least = 'Region=us-east-1\nBucketName=b\nLogType=CloudTrail\n'

t.test('prints an ini that gives the defaults once filled in', t => {
  const filled = iniText()
    .replace('Region=CHANGE_THIS', 'Region=us-east-1')
    .replace('BucketName=CHANGE_THIS', 'BucketName=b')
  const printed = parseSettings(Buffer.from(filled), iniPath)
  const absent = parseSettings(Buffer.from(least), iniPath)
  t.strictSame(printed, { settings: absent.settings, warnings: [] })
  t.end()
})

t.test('prints an ini that is refused until it is filled in', t => {
  t.throws(() => parseSettings(Buffer.from(iniText()), iniPath), {
    message: /Region .* is still CHANGE_THIS.*\n.*BucketName .* is still/,
  })
  t.end()
})

t.test('prints every setting once, with range and default', t => {
  const lines = iniText().split('\n')
  for (const { name } of settingsTable) {
    const found = lines.filter(line =>
      line.replace(';', '').startsWith(`${name}=`),
    )
    t.equal(found.length, 1, name)
  }
  const days = lines.indexOf('NoOfBackDaysData=1')
  t.equal(lines[days - 1], '# Allowed: 1-7. Default: 1')
  t.ok(lines.includes(';DepthToRecurse='), 'absent, so that it is found')
  t.ok(lines.includes('[Plugin]'))
  t.end()
})

t.test('prints no line wider than a terminal, and ends its last', t => {
  for (const line of iniText().split('\n')) t.ok(line.length <= 80, line)
  t.match(iniText(), /[^\n]\n$/)
  t.end()
})
