// Who runs this, and what they may write: it is tried, and nothing stays behind.

import {
  chmodSync,
  chownSync,
  mkdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import {
  checkLogFile,
  checkSpool,
  checkUser,
} from '../../../src/commands/check/check-places.ts'
import { folderState } from '../../lib/files/folder-state.ts'
import { findings } from './checking.ts'

const isRoot = process.getuid?.() === 0

const user = async (at: string | undefined): Promise<unknown[]> =>
  (await findings(checkUser(at))).lines

t.test('names the user, and warns of root in another’s place', async t => {
  const folder = t.testdir()
  const path = join(folder, 'cursor')
  const uid = process.geteuid?.() ?? ''
  const mine = new RegExp(`^ok user: .*uid ${uid}.* runs this`)
  t.match(await user(undefined), [mine])
  t.match(await user(path), [mine])
  if (!isRoot) return
  chownSync(folder, 65_534, 65_534)
  t.match(await user(path), [/^warn user: root .*uid 65534.*sudo -u '#65534'/])
})

t.test('a LogFile that can be written, and not', async t => {
  const folder = t.testdir({ log: 'kept', sub: {} })
  const log = async (name: string): Promise<string | undefined> =>
    (await findings(checkLogFile(join(folder, name)))).lines[0]
  const before = folderState(join(folder, 'sub'))
  t.match(await log('log'), /^ok log_file/)
  t.match(await log('new'), /^ok log_file/)
  t.match(await log('no/such'), /^warn log_file: .*\/no is not there \(ENOENT/)
  t.match(await log('sub'), /^warn log_file: .*it is a folder .*; let it name/)
  t.equal(readFileSync(join(folder, 'log'), 'utf8'), 'kept')
  t.strictSame(folderState(join(folder, 'sub')), before)
  t.equal(folderState(folder).length, 2, 'nothing is left behind')
  t.strictSame((await findings(checkLogFile(''))).lines, [])
})

t.test('a spool that is there', async t => {
  const folder = t.testdir()
  const cursor = join(folder, 'cursor')
  const spool = async (): Promise<string[]> =>
    (await findings(checkSpool(cursor))).lines
  t.strictSame(await spool(), [], 'none yet')
  mkdirSync(`${cursor}.spool`)
  t.match(await spool(), [/^ok spool: .*cursor\.spool/])
  t.equal(folderState(folder).length, 1, 'nothing is left behind')
  if (!isRoot) {
    chmodSync(`${cursor}.spool`, 0o500)
    t.match(await spool(), [/^fail spool: .*EACCES.*uid \d+.* write there/])
  }
  rmdirSync(`${cursor}.spool`)
  writeFileSync(`${cursor}.spool`, '')
  t.match(await spool(), [/^fail spool: .*it is not a folder; remove it/])
})
