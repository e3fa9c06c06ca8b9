import { dirname, join } from 'node:path'
import t from 'tap'
import { concealed } from '../../src/report/conceal.ts'
import { parseSettings } from '../../src/settings/parse-settings.ts'
import { pastedSecrets } from '../../src/settings/pasted-secret.ts'
import { startCollector } from '../lib/hosts/collector.ts'
import { runProgram, type Run } from '../lib/hosts/run-program.ts'

const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
const TOKEN = `FwoGZXIvYXdzEJr/${SECRET.repeat(4)}`

t.test('what has the form of a secret is found', t => {
  for (const text of [SECRET, ` ${SECRET} `, `aws_secret_access_key=${SECRET}`])
    t.strictSame(pastedSecrets(text, false), [SECRET])
  t.strictSame(pastedSecrets(`${TOKEN}==`, false), [TOKEN])
  const parts = ['wJalrXUtnFEMI', 'K7MDENG+bPxRfiCYEXAMPLEKEY']
  t.strictSame(pastedSecrets(SECRET, true), [SECRET, ...parts])
  for (const padding of ['', '=', '=='])
    t.equal(pastedSecrets(`${TOKEN}${padding}`, true)[0], TOKEN)
  t.end()
})

t.test('and what has not is none', t => {
  for (const text of [
    'default',
    'a-profile-of-a-name-that-is-very-long-but-a-name',
    'arn:aws:iam::111122223333:role/Reader',
    '0123456789abcdef0123456789abcdef01234567',
    'team/0123456789abcdef0123456789abcdef012',
  ])
    t.strictSame(pastedSecrets(text, false), [])
  for (const text of [
    'trail01/AWSLogs/123456789012/CloudTrail/',
    `/var/lib/${SECRET}`,
    'Security/Archive/Logs/Of/All/Accounts/Of/Ours/',
  ])
    t.strictSame(pastedSecrets(text, true), [])
  t.end()
})

t.test('no setting shows a secret that was pasted into it', t => {
  const ini = join(t.testdir({}), 'ini')
  const names = [
    'Profile',
    'ExternalId',
    'UserName',
    'Domain',
    'StateFile',
    'LogFile',
  ]
  for (const [index, name] of names.entries()) {
    const secret = SECRET.replace('RfiCY', `RfiC${index}`)
    parseSettings(
      Buffer.from(`Region=us-east-1\nBucketName=b\n${name}=${secret}\n`),
      ini,
    )
    t.equal(concealed(`in ${secret} of`), 'in *** of', name)
  }
  t.end()
})

t.test(
  'a cycle that fails by a secret as Profile does not name it',
  async t => {
    const { run, configure } = await startCollector(t)
    for (const Profile of [SECRET, `SecretAccessKey=${SECRET}`, TOKEN]) {
      configure({ Profile })
      for (const command of ['collect', 'check']) {
        const args = command === 'check' ? [command, '--json'] : [command]
        const { code, stdout, stderr } = await run(args, {
          AWS_ACCESS_KEY_ID: undefined,
          AWS_SECRET_ACCESS_KEY: undefined,
          AWS_EC2_METADATA_DISABLED: 'true',
        })
        t.equal(code, 3)
        t.notMatch(stdout + stderr, /wJalr|K7MDENG|FwoGZX/)
        t.match(stdout + stderr, /profile/i)
      }
    }
  },
)

t.test('a token or a key as the name of a file is not shown', async t => {
  const { run, configure, ini } = await startCollector(t)
  const token = `${SECRET.replaceAll('+', 'x').repeat(5)}=`
  const hidden = ({ stdout, stderr }: Run, what: string): void => {
    t.match(stdout + stderr, /\*\*\*/, what)
    t.notMatch(stdout + stderr, /wJalr|K7MDENG|bPxRfi/, what)
  }
  for (const [changes, command] of [
    [{ Endpoint: token }, 'collect'],
    [{ StateFile: token }, 'collect'],
    [{ StateFile: token }, 'check'],
    [{ LogFile: token }, 'collect'],
    [{ StateFile: SECRET.replaceAll('/', 'x') }, 'status'],
  ] as const) {
    configure(changes)
    hidden(await run([command]), Object.keys(changes).join())
  }
  configure({})
  hidden(await run(['collect', '--state', token]), '--state')
  for (const args of [['--config', SECRET], [`--config=${SECRET}`]])
    hidden(await runProgram(args, { env: {}, cwd: dirname(ini) }), args[0]!)
})
