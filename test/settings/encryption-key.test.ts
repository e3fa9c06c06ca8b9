// Where the key comes from, whom it may be shown to, and how it comes to be.
import {
  chownSync,
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import {
  isKeyInEnvironment,
  KEY_VARIABLE,
  keyFileOf,
  makeKey,
  readKey,
} from '../../src/settings/encryption-key.ts'

const bytes = Buffer.from(Array.from({ length: 32 }, (_, index) => index * 8))
const base64 = bytes.toString('base64')

const fileWith = (t: Test, text: string, mode = 0o600): string => {
  const path = join(t.testdir({ key: text }), 'key')
  chmodSync(path, mode)
  return path
}

const withVariable = <T>(text: string, run: () => T): T => {
  process.env[KEY_VARIABLE] = text
  try {
    return run()
  } finally {
    delete process.env[KEY_VARIABLE]
  }
}

t.test('the key file lies beside the ini, or where KeyFile says', async t => {
  for (const blank of ['', 'CHANGE_THIS', 'change_this'])
    t.equal(keyFileOf(blank, '/etc/a.ini'), '/etc/a.ini.key')
  t.equal(keyFileOf('keys/k', '/etc/a.ini'), '/etc/keys/k')
  t.equal(keyFileOf('/run/k', '/etc/a.ini'), '/run/k')
})

t.test('reads 32 bytes of any base64', async t => {
  for (const text of [
    base64,
    `${base64}\n`,
    bytes.toString('base64url'),
    ` ${bytes.toString('base64url')}\r\n`,
  ])
    t.strictSame(readKey(fileWith(t, text)), bytes, JSON.stringify(text))
})

t.test('the environment goes before the file, right or wrong', async t => {
  const path = fileWith(t, Buffer.alloc(32).toString('base64'))
  withVariable(base64, () => {
    t.ok(isKeyInEnvironment())
    t.strictSame(readKey(path), bytes)
    t.strictSame(readKey('/no/such/file'), bytes)
  })
  withVariable(' ', () => t.strictSame(readKey(path), Buffer.alloc(32)))
  withVariable(base64.slice(1), () =>
    t.throws(() => readKey(path), {
      name: 'SecretError',
      message: /^LR_S3_INPUT_KEY \(environment\) holds no key: a key is 32/,
    }),
  )
})

t.test('a file that holds no key is refused, and not repeated', async t => {
  const folder = t.testdir({ pipe: {} })
  for (const text of [
    '',
    '\n',
    'hush',
    base64.slice(0, -2),
    `${base64}A`,
    `${base64}\n${base64}\n`,
    bytes.toString('hex'),
    base64.replace(/^A/, '%'),
    'hush'.repeat(1_000),
  ]) {
    const path = fileWith(t, text)
    const message = `KeyFile ${path} holds no key: a key is 32 bytes as base64, as \`encrypt\` makes it`
    t.throws(() => readKey(path), { name: 'SecretError', message })
  }
  t.throws(() => readKey(folder), /holds no key/)
  t.throws(() => readKey('/dev/zero'), /holds no key/)
  t.throws(() => readKey(join(fileWith(t, base64), 'x')), /ENOTDIR.*belong to/)
  t.equal(readKey(join(folder, 'missing')), undefined)
})

t.test('a file that others may read or write is refused', async t => {
  for (const mode of [0o640, 0o604, 0o620, 0o602, 0o644, 0o666, 0o601]) {
    const path = fileWith(t, base64, mode)
    const text = `by others than its owner (mode ${mode.toString(8)}): chmod 600`
    t.throws(() => readKey(path), {
      message: new RegExp(text.replace(/[()]/g, '\\$&')),
    })
  }
  for (const mode of [0o600, 0o400, 0o700])
    t.strictSame(readKey(fileWith(t, base64, mode)), bytes)
})

t.test(
  'a new key is 32 bytes, its owner’s alone, whatever the umask',
  async t => {
    const folder = t.testdir({})
    const before = process.umask(0)
    try {
      for (const [name, mask] of [
        ['a', 0],
        ['b', 0o777],
      ] as const) {
        process.umask(mask)
        await makeKey(join(folder, name), statSync(folder))
      }
    } finally {
      process.umask(before)
    }
    t.strictSame(readdirSync(folder), ['a', 'b'])
    const [a, b] = ['a', 'b'].map(name => readKey(join(folder, name)))
    t.equal(a?.length, 32)
    t.notOk(b?.equals(a ?? Buffer.alloc(0)))
    for (const name of ['a', 'b'])
      t.equal(statSync(join(folder, name)).mode & 0o777, 0o600)
  },
)

t.test('a key is never overwritten, by as many as may try', async t => {
  const folder = t.testdir({})
  const path = join(folder, 'key')
  const like = statSync(folder)
  await Promise.all(Array.from({ length: 20 }, () => makeKey(path, like)))
  const made = readFileSync(path, 'utf8')
  t.strictSame(readdirSync(folder), ['key'])
  await makeKey(path, like)
  t.equal(readFileSync(path, 'utf8'), made)
  writeFileSync(path, '')
  await makeKey(path, like)
  t.equal(readFileSync(path, 'utf8'), '', 'not even one that is damaged')
})

t.test('through a link it is made where that leads', async t => {
  const folder = t.testdir({})
  mkdirSync(join(folder, 'secret'))
  symlinkSync('secret/real', join(folder, 'key'))
  await makeKey(join(folder, 'key'), statSync(folder))
  t.ok(lstatSync(join(folder, 'key')).isSymbolicLink())
  t.equal(readKey(join(folder, 'secret', 'real'))?.length, 32)
})

t.test('where it cannot be made, that is said', async t => {
  const folder = t.testdir({})
  const path = join(folder, 'no', 'key')
  await t.rejects(makeKey(path, statSync(folder)), {
    name: 'SecretError',
    message: `KeyFile ${path} cannot be made (ENOENT): let KeyFile name a file in a folder that can be written`,
  })
})

t.test(
  'a key that root makes goes to the owner of the ini',
  { skip: process.getuid?.() === 0 ? false : 'only root can' },
  async t => {
    const path = join(t.testdir({}), 'key')
    const like = Object.assign(statSync('/'), { uid: 12345, gid: 23456 })
    await makeKey(path, like)
    const { uid, gid, mode } = statSync(path)
    t.strictSame([uid, gid, mode & 0o777], [12345, 23456, 0o600])
  },
)

t.test(
  "beside an ini of root's it goes to the owner of the folder",
  { skip: process.getuid?.() === 0 ? false : 'only root can' },
  async t => {
    const folder = t.testdir({})
    chownSync(folder, 12345, 23456)
    const path = join(folder, 'key')
    await makeKey(path, statSync('/'))
    const { uid, gid } = statSync(path)
    t.strictSame([uid, gid], [12345, 23456])
  },
)
