// Where the ini is read from, and where the files beside it are.
import { writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import t from 'tap'
import { loadSettings } from '../../src/settings/load-settings.ts'
import { SettingsError } from '../../src/settings/settings-error.ts'

const least = 'Region=us-east-1\nBucketName=b\nLogType=CloudTrail\n'

t.test(
  'the cursor lies beside the ini, wherever that is named from',
  async t => {
    const ini = join(t.testdir({ 'aws.ini': least }), 'aws.ini')
    for (const config of [ini, relative('', ini)]) {
      const loaded = loadSettings(config, undefined)
      t.equal(loaded.cursorPath, `${ini}.cursor`)
      t.equal(loaded.settings.BucketName, 'b')
    }
  },
)

t.test('StateFile goes by the ini, --state by the working folder', async t => {
  const folder = t.testdir()
  const ini = join(folder, 'aws.ini')
  writeFileSync(ini, `${least}StateFile=state/x\nLogFile=log\n`)
  t.equal(loadSettings(ini, undefined).cursorPath, join(folder, 'state', 'x'))
  t.equal(loadSettings(ini, undefined).settings.LogFile, join(folder, 'log'))
  t.equal(loadSettings(ini, 'y').cursorPath, resolve('y'))
  t.equal(loadSettings(ini, '/z').cursorPath, resolve('/z'))
})

t.test('hands on the warnings', async t => {
  const ini = join(t.testdir({ 'aws.ini': `${least}Regoin=x\n` }), 'aws.ini')
  t.match(loadSettings(ini, undefined).warnings, [
    { setting: 'Regoin', line: 4 },
  ])
})

t.test('a file that cannot be read is one problem, and says which', async t => {
  const folder = t.testdir({
    'bad.ini': 'Region=x\n',
    empty: '',
    bare: '\ufeff; all of it is a comment\n[S3]\n',
    json: '{"Region": "us-east-1"}\n',
  })
  for (const [path, reason] of [
    [join(folder, 'missing.ini'), 'there is no such file; name .*init'],
    [join(folder, 'bad.ini', 'x.ini'), 'there is no such file; '],
    [folder, `it is a folder; name .* such as ${folder}/awsS3CloudTrail.ini`],
    [join(folder, 'empty'), 'it is empty; name .*init'],
    [join(folder, 'bare'), 'it holds comments and sections, but no setting; '],
    [join(folder, 'json'), 'it holds no line of the form Name=value, '],
  ] as const)
    t.throws(() => loadSettings(path, undefined), {
      code: 'SETTINGS',
      problems: [{ message: new RegExp(`^reading ${path}: ${reason}`) }],
    })
  const bad = join(folder, 'bad.ini')
  t.throws(() => loadSettings(bad, undefined), SettingsError)
})
