// Settings that name one file twice, by whatever names.

import { execFileSync } from 'node:child_process'
import {
  linkSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { loadSettings } from '../../src/settings/load-settings.ts'
import { SettingsError } from '../../src/settings/settings-error.ts'
import { startCollector } from '../lib/hosts/collector.ts'

function load(t: Test, lines: string, state?: string) {
  const folder = t.testdir({ 'x.ini.late': '', other: '' })
  const ini = join(folder, 'x.ini')
  writeFileSync(ini, `Region=us-east-1\nBucketName=b\n${lines}\n`)
  mkdirSync(join(folder, 'state'))
  symlinkSync('..', join(folder, 'state', 'up'))
  symlinkSync('x.ini.cursor', join(folder, 'dangling'))
  symlinkSync('x.ini', join(folder, 'link'))
  linkSync(ini, join(folder, 'hard'))
  execFileSync('mkfifo', [join(folder, 'pipe')])
  try {
    loadSettings(ini, state && join(folder, state))
    return ''
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    t.equal(error.logFile, '')
    return error.message
  }
}

t.test('a file that is named twice is an error', t => {
  for (const [lines, says, state] of [
    ['LogFile=x.ini', /LogFile .*is already the ini: name a file/],
    ['LogFile=./state/../x.ini', /LogFile .*the ini/],
    ['LogFile=state/up/x.ini', /LogFile .*the ini/],
    ['LogFile=link', /LogFile .*the ini/],
    ['LogFile=hard', /LogFile .*the ini/],
    ['LogFile=x.ini.cursor', /LogFile .*the cursor/],
    ['LogFile=dangling', /LogFile .*the cursor/],
    ['LogFile=x.ini.cursor.late', /LogFile .*older days/],
    ['LogFile=x.ini.cursor.quarantine', /LogFile .*quarantined objects/],
    ['LogFile=x.ini.cursor.lock', /LogFile .*lock/],
    ['LogFile=x.ini.cursor.spool', /LogFile .*spool/],
    ['LogFile=x.ini.key', /LogFile .*the key/],
    ['LogFile=other\nKeyFile=other', /LogFile .*the key/],
    ['StateFile=other\nLogFile=other', /LogFile .*the cursor/],
    ['StateFile=x.ini', /StateFile .*the ini/],
    ['KeyFile=x.ini', /KeyFile .*the ini/],
    ['KeyFile=x.ini.cursor', /StateFile .*the key/],
    ['LogFile=other', /LogFile .*the cursor/, 'other'],
    ['LogFile=pipe', /LogFile \(line 3\) leads to a pipe: let it name a file/],
    ['LogFile=/dev/null', /LogFile \(line 3\) leads to a device: let it/],
  ] as const)
    t.match(load(t, lines, state), says, lines)
  for (const lines of ['', 'LogFile=other', 'StateFile=dangling'])
    t.equal(load(t, lines), '', lines)
  t.end()
})

t.test('the ini stays as it is, also beside other mistakes', async t => {
  const { run, ini, configure } = await startCollector(t)
  for (const other of ['1', 'wrong']) {
    configure({ LogFile: ini, NoOfBackDaysData: other })
    const before = readFileSync(ini, 'utf8')
    const { code, stderr } = await run()
    t.equal(code, 2)
    t.match(stderr, /LogFile/)
    t.equal(readFileSync(ini, 'utf8'), before)
  }
})
