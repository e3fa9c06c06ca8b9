// From a secret on stdin, or typed where nobody sees it, to the ini: as it is
// read back, and without a trace of it anywhere else.

import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import t, { type Test } from 'tap'
import { encrypt, type EncryptOptions } from '../../src/commands/encrypt.ts'
import { Report } from '../../src/report/report.ts'
import { encryptText } from '../../src/settings/encrypted-text.ts'
import { parseSettings } from '../../src/settings/parse-settings.ts'
import type { Line } from '../lib/hosts/run-program.ts'

const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
const INI =
  '# mine\r\n[S3]\r\nRegion=us-east-1\r\nSecretAccessKey = old\r\nBucketName=b\r\n'

/** Runs the command; `type` gets the terminal when the prompt is there. */
async function run(
  options: Partial<EncryptOptions>,
  input:
    | string
    | Buffer
    | ((type: (keys: string) => void, stop: () => void) => void),
) {
  const events: Line[] = []
  const report = new Report({
    write: line => events.push(JSON.parse(line) as Line),
    now: () => 0,
    isTerminal: false,
    quiet: false,
  })
  const stop = new AbortController()
  const raw: boolean[] = []
  const isTTY = typeof input === 'function'
  const stdin = Object.assign(new PassThrough(), {
    isTTY,
    setRawMode: (isRaw: boolean) => raw.push(isRaw),
  })
  if (typeof input !== 'function') stdin.end(input)
  let shown = ''
  let asked = false
  const prompt = (text: string) => {
    shown += text
    if (typeof input === 'function' && !asked)
      setImmediate(() =>
        input(
          keys => stdin.write(keys),
          () => stop.abort(),
        ),
      )
    asked = true
  }
  let stdout = ''
  const print = async (text: string) => {
    stdout += text
  }
  const all = { config: undefined, set: undefined, ...options }
  const context = { report, stop: stop.signal }
  const end = await encrypt(all, context, { stdin, prompt }, print).catch(
    (error: Error) => error,
  )
  return { end, stdout, shown, raw, events }
}

const start = (t: Test, text: string | Buffer = INI) => {
  const folder = t.testdir({ 'a.ini': text })
  const config = join(folder, 'a.ini')
  chmodSync(config, 0o600)
  const settings = () => parseSettings(readFileSync(config), config).settings
  return { folder, config, settings, text: () => readFileSync(config, 'utf8') }
}
const TEXT = /^lrs3:1:[\w-]+\n$/

t.test('prints the text to paste, with a key that it makes', async t => {
  const { folder, config, settings, text } = start(t)
  const first = await run({ config }, `${SECRET}\n`)
  t.match(first, { end: 'done', stdout: TEXT, shown: '', events: [] })
  t.equal(text(), INI, 'the ini is left alone')
  t.strictSame(readdirSync(folder), ['a.ini', 'a.ini.key'])
  const id = await run({ config }, 'AKIAIOSFODNN7EXAMPLE')
  writeFileSync(
    config,
    `${INI}SecretAccessKey=${first.stdout}AccessKeyId=${id.stdout}`,
  )
  t.equal(settings().SecretAccessKey, SECRET)
  t.equal(settings().AccessKeyId, 'AKIAIOSFODNN7EXAMPLE')
})

t.test('puts it into the ini, and changes nothing else', async t => {
  const { folder, config, settings, text } = start(t)
  const { end, stdout, events } = await run(
    { config, set: 'secretACCESSkey' },
    `${SECRET}\r\n`,
  )
  t.equal(end, 'done')
  t.strictSame(events, [])
  t.equal(
    stdout,
    `SecretAccessKey is replaced in line 4 of ${config}, encrypted with the key in ${config}.key\n`,
  )
  const [line = ''] = /lrs3:1:[\w-]+/.exec(text()) ?? []
  t.equal(text(), INI.replace('old', line))
  await run({ config, set: 'AccessKeyId' }, 'AKIAIOSFODNN7EXAMPLE')
  t.match(text(), `\r\nRegion=us-east-1\r\nAccessKeyId=lrs3:1:`)
  t.equal(settings().SecretAccessKey, SECRET)
  t.equal(settings().AccessKeyId, 'AKIAIOSFODNN7EXAMPLE')
  t.strictSame(readdirSync(folder), ['a.ini', 'a.ini.key'])
})

t.test('in UTF-16, through a link, with mode and owner kept', async t => {
  const { folder, config, settings } = start(
    t,
    Buffer.from(`\ufeff${INI}`, 'utf16le'),
  )
  const link = join(folder, 'link')
  symlinkSync('a.ini', link)
  chmodSync(config, 0o640)
  if (process.getuid?.() === 0) chownSync(config, 12345, 23456)
  writeFileSync(`${config}.rewriting`, 'left by a kill')
  const before = statSync(config)
  t.equal(
    (await run({ config: link, set: 'SecretAccessKey' }, SECRET)).end,
    'done',
  )
  t.ok(lstatSync(link).isSymbolicLink())
  const after = statSync(config)
  t.strictSame(
    [after.mode, after.uid, after.gid],
    [before.mode, before.uid, before.gid],
  )
  t.strictSame(readdirSync(folder), ['a.ini', 'link', 'link.key'])
  t.equal(
    statSync(`${link}.key`).uid,
    before.uid,
    'whoever reads the ini needs it',
  )
  writeFileSync(join(folder, 'a.ini.key'), readFileSync(`${link}.key`), {
    mode: 0o600,
  })
  t.ok(
    readFileSync(config)
      .subarray(0, 30)
      .equals(Buffer.from(`\ufeff${INI}`, 'utf16le').subarray(0, 30)),
  )
  t.throws(settings, { message: /:[^\n]*\n {2}AccessKeyId is not set[^\n]*$/ })
})

t.test('works while the rest of the ini is wrong', async t => {
  const lrcrypt = 'h7GhxuBLTrlhVUyxSPUKUV8r/2EI4ngqJxD7iBdBYLg='
  const text = `Region=CHANGE_THIS\nAccessKeyId=${lrcrypt}\nSecretAccessKey=${lrcrypt}\nrubbish\nKeyFile=keys/mine\n`
  const { folder, config } = start(t, text)
  mkdirSync(join(folder, 'keys'))
  t.equal((await run({ config, set: 'SecretAccessKey' }, SECRET)).end, 'done')
  t.strictSame(readdirSync(join(folder, 'keys')), ['mine'])
})

t.test('a prompt that shows nothing, with the keys of a line', async t => {
  const typed: [string[], string][] = [
    [['hush\r'], 'hush'],
    [['h', 'u', 's', 'h', '\n'], 'hush'],
    [['hx', '\u007f', 'uss\b', 'h\r'], 'hush'],
    [['rubbish\u0015hush', '\u0004'], 'hush'],
    [['hu\u001b[D\u001b[1;5Csh\u001bOA\u0000\r'], 'hush'],
    [['p@ss;w#rd:%1 ü☃𝒳x\u007f\r'], 'p@ss;w#rd:%1 ü☃𝒳'],
  ]
  for (const [keys, secret] of typed) {
    const { config, settings } = start(t, `${INI}AccessKeyId=A\n`)
    const { end, shown, raw, stdout } = await run(
      { config, set: 'SecretAccessKey' },
      type => {
        for (const key of keys) type(key)
      },
    )
    t.equal(end, 'done', JSON.stringify(keys))
    t.equal(shown, 'SecretAccessKey (it is not shown): \n')
    t.strictSame(raw, [true, false])
    t.notMatch(stdout, 'hush')
    t.equal(settings().SecretAccessKey, secret)
  }
})

t.test('Ctrl-C, a signal or a lost terminal: nothing is written', async t => {
  const { folder, config, text } = start(t)
  for (const input of [
    (type: (keys: string) => void) => type('hush\u0003'),
    (_: unknown, stop: () => void) => stop(),
  ]) {
    const { end, raw, stdout, events } = await run(
      { config, set: 'SecretAccessKey' },
      input,
    )
    t.equal(end, 'partial')
    t.strictSame(raw, [true, false], 'the terminal is as it was')
    t.equal(stdout, '')
    t.match(events, [{ level: 'error', event: 'stopped' }])
  }
  t.equal(text(), INI)
  t.strictSame(readdirSync(folder), ['a.ini'], 'nor is a key made')
})

t.test('what is no secret is refused, and not repeated', async t => {
  const { folder, config, text } = start(t)
  for (const [input, reason] of [
    ['', /no secret was given/],
    ['\n', /no secret was given/],
    [(type: (keys: string) => void) => type('\r'), /no secret was given/],
    ['hush\nhush\n', /more than one line/],
    ['hush\n\n', /more than one line/],
    [
      (type: (keys: string) => void) => type('hush\rhush\r'),
      /more than one line/,
    ],
    ['hush'.repeat(50_000), /more than one line/],
    ['hush\u0000', /control characters/],
    [Buffer.from([0x68, 0x75, 0xff]), /not UTF-8/],
    [encryptText('hush', Buffer.alloc(32)), /encrypted already/],
  ] as const) {
    const { end, stdout } = await run({ config, set: 'SecretAccessKey' }, input)
    t.match(end, { code: 'USAGE', message: reason })
    t.notMatch(String(end), /hush|lrs3/)
    t.equal(stdout, '')
  }
  t.equal(text(), INI)
  t.strictSame(readdirSync(folder), ['a.ini'])
})

t.test('--set takes secret settings alone, and wants an ini', async t => {
  const { config } = start(t)
  for (const [options, message] of [
    [
      { config, set: 'Region' },
      /^--set takes AccessKeyId, SecretAccessKey, Password \(/,
    ],
    [{ config, set: 'SecretKey=hush' }, /^--set takes/],
    [{ config, set: 'pasword' }, /did you mean Password\?/],
    [{ set: 'Password' }, /^--set needs --config FILE/],
    [{}, /^--config FILE is missing: .* LR_S3_INPUT_KEY$/],
  ] as const) {
    const { end } = await run(options, 'hush')
    t.match(end, { code: 'USAGE', message })
    t.notMatch(String(end), 'hush')
  }
  const { end } = await run({ config: `${config}.no` }, 'hush')
  t.match(end, { code: 'SETTINGS', message: /there is no such file/ })
})

t.test('a key of the environment needs no ini, and makes no file', async t => {
  const { folder, config, settings } = start(t, `${INI}AccessKeyId=A\r\n`)
  process.env['LR_S3_INPUT_KEY'] = Buffer.alloc(32, 5).toString('base64')
  t.teardown(() => delete process.env['LR_S3_INPUT_KEY'])
  t.match(await run({}, SECRET), { end: 'done', stdout: TEXT })
  const { stdout } = await run({ config, set: 'SecretAccessKey' }, SECRET)
  t.match(stdout, /with the key in LR_S3_INPUT_KEY\n$/)
  t.equal(settings().SecretAccessKey, SECRET)
  t.strictSame(readdirSync(folder), ['a.ini'])
})

t.test(
  'what is wrong with the key is told before anything is asked',
  async t => {
    const { config, text } = start(t)
    writeFileSync(`${config}.key`, 'rubbish', { mode: 0o600 })
    const prompted = () => t.fail('was asked')
    const { end } = await run({ config, set: 'SecretAccessKey' }, prompted)
    t.match(end, {
      code: 'SETTINGS',
      problems: [{ setting: 'KeyFile', message: /holds no key/ }],
    })
    chmodSync(`${config}.key`, 0o644)
    t.match((await run({ config }, prompted)).end, { message: /mode 644/ })
    t.equal(text(), INI)
    t.equal(readFileSync(`${config}.key`, 'utf8'), 'rubbish')
  },
)

t.test('warns of what is odd', async t => {
  const old = encryptText('hush', Buffer.alloc(32, 9))
  const { config, text } = start(
    t,
    `AccessKeyId=${old}\nSecretAccessKey=hush\n${INI}`,
  )
  const { events } = await run({ config, set: 'SecretAccessKey' }, `${SECRET} `)
  t.match(
    events.map(({ level, message }) => `${String(level)} ${String(message)}`),
    [
      /^warning the secret begins or ends with a blank/,
      /^warning SecretAccessKey is set in line 2 too, to no effect/,
      /^warning AccessKeyId \(line 1\) was encrypted with another key/,
    ],
  )
  t.match(text(), 'SecretAccessKey=hush\n', 'that is the person’s to remove')
  const lrcrypt = await run(
    { config, set: 'AccessKeyId' },
    'h7GhxuBLTrlhVUyxSPUKUV8r/2EI4ngqJxD7iBdBYLg=',
  )
  t.match(lrcrypt.events[0]?.['message'], /looks like .*lrcrypt/)
})

t.test('an ini that cannot be replaced is as it was', async t => {
  const { folder, config, text } = start(t)
  mkdirSync(`${config}.rewriting`)
  const { end } = await run({ config, set: 'SecretAccessKey' }, SECRET)
  t.match(end, {
    code: 'SETTINGS',
    message: /writing .*a\.ini: .*the file is unchanged/,
  })
  t.equal(text(), INI)
  t.strictSame(readdirSync(folder).toSorted(), [
    'a.ini',
    'a.ini.key',
    'a.ini.rewriting',
  ])
})
