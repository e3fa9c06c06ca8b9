// Encrypted keys on the built program: they sign real requests, and whatever is
// wrong with them ends with code 2 and without a word of what they are.

import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { putToday, startCollector } from '../lib/hosts/collector.ts'

const ID = 'AKIAIOSFODNN7EXAMPLE'
const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
const NO_ENV = {
  AWS_ACCESS_KEY_ID: undefined,
  AWS_SECRET_ACCESS_KEY: undefined,
  AWS_EC2_METADATA_DISABLED: 'true',
}
const { error } = spawnSync('script', ['--version'])
const skip = error ? 'script of util-linux is not there' : false

// A bucket that knows one key, and a way to give a secret to `encrypt`.
async function start(t: Test) {
  const collector = await startCollector(t, {
    AccessKeyId: 'CHANGE_THIS',
    SecretAccessKey: 'CHANGE_THIS',
    LogApiRequests: 'true',
    LogFile: 'log',
  })
  const { s3, ini, folder, run } = collector
  s3.credentials.clear()
  s3.credentials.set(ID, { secret: SECRET })
  putToday(s3, 'a', 3)
  const said: string[] = []
  const encrypt = async (secret: string, ...more: string[]) => {
    const command = `encrypt --config ${ini} ${more.join(' ')}`
    await collector.script(
      `printf %s '${secret}' | "$1" "$2" ${command} >out 2>err; echo $? >code`,
    )
    const [stdout = '', stderr = '', code] = ['out', 'err', 'code'].map(name =>
      readFileSync(join(folder, name), 'utf8'),
    )
    said.push(stdout, stderr)
    return { stdout, stderr, code: Number(code) }
  }
  const collect = async (env: NodeJS.ProcessEnv = {}, command = 'collect') => {
    const end = await run([command], { ...NO_ENV, ...env })
    said.push(end.stdout, end.stderr)
    return end
  }
  const unsaid = (t: Test) => {
    said.push(readFileSync(join(folder, 'log'), 'utf8'))
    const key = readFileSync(`${ini}.key`, 'utf8').trim()
    for (const secret of [ID, SECRET, key])
      for (const form of [
        secret,
        encodeURIComponent(secret),
        Buffer.from(secret).toString('base64'),
      ])
        t.notOk(said.join('\n').includes(form), 'nothing of a secret is said')
    t.notMatch(said.join('\n'), /lrs3:1:[\w-]{9}/)
  }
  return { ...collector, encrypt, collect, unsaid }
}

t.test('encrypted keys sign the requests', async t => {
  const { ini, encrypt, collect, configure, unsaid } = await start(t)
  t.match(await encrypt(ID, '--set AccessKeyId'), { code: 0, stderr: '' })
  t.match(await encrypt(SECRET, '--set secretaccesskey'), {
    code: 0,
    stderr: '',
  })
  t.equal(statSync(`${ini}.key`).mode & 0o777, 0o600)
  t.notMatch(readFileSync(ini, 'utf8'), /AKIA|wJal|CHANGE_THIS/)
  const first = await collect()
  t.equal(first.code, 0)
  t.equal(first.records.length, 3)
  t.notMatch(first.stderr, 'plain text')
  const { code, stdout } = await collect({}, 'check')
  t.equal(code, 0)
  t.match(
    stdout,
    `ok   secrets: AccessKeyId, SecretAccessKey are encrypted, and read with the key in ${ini}.key\n`,
  )
  t.match(stdout, `ok   files: ${ini}.key is its owner's alone\n`)
  unsaid(t)
  // The text alone, and a secret that is not the right one.
  const { stdout: id } = await encrypt(ID)
  const { stdout: wrong } = await encrypt('a wrong secret')
  configure({ AccessKeyId: id.trim(), SecretAccessKey: wrong.trim() })
  t.match(await collect(), { code: 3, stdout: '' })
})

t.test('no key, another key, a key for all, altered text: exit 2', async t => {
  const { ini, encrypt, collect, unsaid } = await start(t)
  await encrypt(ID, '--set AccessKeyId')
  await encrypt(SECRET, '--set SecretAccessKey')
  const key = `${ini}.key`
  const text = readFileSync(ini, 'utf8')
  const refused = async (message: RegExp, env: NodeJS.ProcessEnv = {}) => {
    const { code, stdout, events } = await collect(env)
    t.equal(code, 2, String(message))
    t.equal(stdout, '')
    const errors = events.filter(({ level }) => level === 'error')
    t.ok(errors.length > 0)
    for (const event of errors)
      t.match(event, { message, line: Number, setting: /^(Secret|Acc)/ })
  }
  renameSync(key, `${key}.away`)
  await refused(/is encrypted, but KeyFile .* is missing/)
  const right = readFileSync(`${key}.away`, 'utf8').trim()
  const withRight = await collect({ LR_S3_INPUT_KEY: right }, 'status')
  t.equal(withRight.code, 0, 'the environment')
  const other = Buffer.alloc(32, 1).toString('base64')
  await refused(/with another key/, { LR_S3_INPUT_KEY: other })
  await refused(/LR_S3_INPUT_KEY .* holds no key/, { LR_S3_INPUT_KEY: 'x' })
  renameSync(`${key}.away`, key)
  chmodSync(key, 0o644)
  await refused(/\(mode 644\): chmod 600 it/)
  chmodSync(key, 0o600)
  const altered = text.replace(
    /(lrs3:1:.{20})(.)/g,
    (_, start: string, one: string) => start + (one === 'A' ? 'B' : 'A'),
  )
  writeFileSync(ini, altered)
  await refused(/altered since/)
  writeFileSync(ini, text.replace(/(SecretAccessKey=.*).{5}/, '$1'))
  // What is left may still be base64.
  await refused(/was (cut or )?altered/)
  writeFileSync(ini, text)
  t.equal((await collect({}, 'status')).code, 0)
  unsaid(t)
})

t.test(
  "lrcrypt's own text is refused until encrypt has replaced it",
  async t => {
    const { configure, encrypt, collect } = await start(t)
    configure({
      AccessKeyId: 'h7GhxuBLTrlhVUyxSPUKUV8r/2EI4ngqJxD7iBdBYLg=',
      SecretAccessKey:
        'kdpLKvVnNN/Fjor8zX1VpkC7GsW2Cny0mnQbYxtTRkTq4wq7sA9uD0xe1hYvH2Zb',
    })
    const { code, stderr } = await collect()
    t.equal(code, 2)
    t.match(stderr, /lrcrypt.*encrypt --config .* --set SecretAccessKey/)
    t.notMatch(stderr, /h7Ghx|kdpL/)
    await encrypt(ID, '--set AccessKeyId')
    await encrypt(SECRET, '--set SecretAccessKey')
    t.equal((await collect()).records.length, 3)
  },
)

t.test('typed on a terminal it is not shown', { skip }, async t => {
  const { ini, folder, collect, encrypt, script } = await start(t)
  // Typed once the prompt is there; the terminal stays until the end.
  const type = async (keys: string) => {
    await script(
      `CMD="$1 $2 encrypt --config ${ini} --set SecretAccessKey"
      wait_for() { for i in $(seq 400); do "$@" && return; sleep 0.05; done; }
      rm -f seen code
      { wait_for grep -qs 'not shown' seen; printf '${keys}'; wait_for test -s code; } |
      { script -qefc "$CMD" seen >/dev/null; echo $? >code; }`,
    )
    const code = Number(readFileSync(join(folder, 'code'), 'utf8'))
    return { code, seen: readFileSync(join(folder, 'seen'), 'latin1') }
  }
  await encrypt(ID, '--set AccessKeyId')
  const before = readFileSync(ini, 'utf8')
  const stopped = await type('hush\\003')
  t.equal(stopped.code, 1)
  t.match(stopped.seen, 'nothing is written')
  t.notMatch(stopped.seen, 'hush')
  t.equal(readFileSync(ini, 'utf8'), before)
  const { code, seen } = await type(`${SECRET}\\r`)
  t.equal(code, 0)
  t.match(
    seen,
    /SecretAccessKey \(it is not shown\): \r\nSecretAccessKey is replaced/,
  )
  t.notMatch(seen, SECRET)
  t.equal((await collect()).records.length, 3)
})
