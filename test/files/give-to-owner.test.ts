// Files that root makes in the folder of another: they are that one's.
import {
  chmodSync,
  chownSync,
  existsSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { acquireLock } from '../../src/cursor/lock/lock.ts'
import { Spool } from '../../src/fetch/spool.ts'
import { giveToOwner } from '../../src/files/give-to-owner.ts'
import { Report } from '../../src/report/report.ts'
import { openCursor } from '../lib/cursor/cursor-operations.ts'

const OWNER = 65_533
const isRoot = process.getuid?.() === 0

const refused = async (): Promise<never> => {
  throw new Error('EPERM')
}
const stat = async () => ({ uid: 1, gid: 1 })

t.test('a file that cannot be given away is left', async t => {
  await giveToOwner({ chown: refused }, 'any', { stat: refused })
  await giveToOwner({ chown: refused }, 'any', { stat })
  t.pass('it throws nothing')
})

t.test(
  'all that a cycle leaves is the folder’s owner’s',
  { skip: !isRoot },
  async t => {
    const folder = t.testdir({})
    chownSync(folder, OWNER, OWNER)
    const path = join(folder, 'cursor')
    const lock = await acquireLock(path, { clock: { now: () => Date.now() } })
    t.equal(statSync(`${path}.lock`).uid, OWNER, 'a kill leaves its lock')
    await lock?.release()
    t.notOk(existsSync(`${path}.lock`))

    const cursor = await openCursor(path)
    cursor.commit(cursor.partition('a/', '2026-03-10'), '2026-03-10', 1n, '')
    await cursor.flush()
    await cursor.close()

    const spool = new Spool(`${path}.spool`, () => Date.now())
    t.equal(await spool.find('key'), undefined)
    await spool.append(spool.begin('key', '"etag"', 9), [Buffer.from('abc')])
    await spool.close()
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    t.equal(names.length, 3)
    for (const name of names)
      t.equal(statSync(join(folder, name)).uid, OWNER, name)

    const link = join(folder, 'link')
    writeFileSync(link, '')
    t.equal(statSync(link).uid, 0, 'what it did not make it leaves')
  },
)

t.test('a LogFile that root makes too', { skip: !isRoot }, t => {
  const folder = t.testdir({})
  chownSync(folder, OWNER, OWNER)
  const file = join(folder, 'log')
  const report = new Report({
    write: () => {},
    now: () => 0,
    isTerminal: false,
    quiet: false,
  })
  report.copyTo(file)
  report.info('a', 'b')
  t.match(statSync(file), { uid: OWNER, gid: OWNER })
  chownSync(file, 0, 0)
  report.info('a', 'b')
  t.equal(statSync(file).uid, 0, 'what is there is left')
  t.end()
})

t.test(
  'root makes nothing where others may write: they could lead it astray',
  { skip: !isRoot },
  async t => {
    const folder = t.testdir({})
    chownSync(folder, OWNER, OWNER)
    const lock = () =>
      acquireLock(join(folder, 'cursor'), { clock: { now: () => Date.now() } })
    for (const [mode, writers] of [
      [0o777, 'everyone'],
      [0o1777, 'everyone'],
      [0o770, 'its group'],
    ] as const) {
      chmodSync(folder, mode)
      await t.rejects(lock(), {
        code: 'CURSOR_UNWRITABLE',
        message: new RegExp(
          `owner of ${folder}, to which ${writers} may write`,
        ),
      })
    }
    t.strictSame(readdirSync(folder), [])
    chownSync(folder, OWNER, 0)
    await (await lock())?.release()
  },
)
