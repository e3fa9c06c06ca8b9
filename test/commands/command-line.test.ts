// Words of the command line to a command, or to one sentence on what is wrong.
import t from 'tap'
import { parseCommandLine } from '../../src/commands/command-line.ts'
import { UsageError } from '../../src/settings/settings-error.ts'

const parse = (text: string) =>
  parseCommandLine(text.split(' ').filter(Boolean))

// What the options of other commands are where they are not given.
const NOT_ASKED = {
  keys: [],
  all: false,
  taken: false,
  forget: false,
  json: false,
  every: undefined,
  before: undefined,
  day: undefined,
  set: undefined,
  from: undefined,
  to: undefined,
  hashes: false,
  keyFile: undefined,
  records: [],
  manual: undefined,
  target: undefined,
  replicas: undefined,
  number: undefined,
  maxLag: undefined,
  strict: false,
  yes: false,
}

t.test('collect is the command where none is named', async t => {
  const expected = {
    command: 'collect',
    topic: undefined,
    config: 'a.ini',
    state: undefined,
    quiet: false,
    ...NOT_ASKED,
  }
  t.strictSame(parse('--config a.ini'), expected)
  for (const args of ['collect --config=a.ini', '--config a.ini collect'])
    t.strictSame(parse(args), { ...expected, topic: 'collect' }, args)
})

t.test('reads every command and option', async t => {
  t.strictSame(parse('skip --config a --state b --quiet'), {
    command: 'skip',
    topic: 'skip',
    config: 'a',
    state: 'b',
    quiet: true,
    ...NOT_ASKED,
  })
  t.match(parse('retry a s3://b/c --config x'), {
    command: 'retry',
    keys: ['a', 's3://b/c'],
    all: false,
    taken: false,
    forget: false,
  })
  t.strictSame(parse('retry -- --all').keys, ['--all'], 'a key of that name')
  t.match(parse('retry --all'), { command: 'retry', keys: [], all: true })
  t.match(parse('status --json'), { command: 'status', json: true })
  t.match(parse('check --json'), { command: 'check', json: true })
  t.match(parse('verify --records a --records b -- c -'), {
    command: 'verify',
    records: ['a', 'b', 'c', '-'],
    hashes: false,
  })
  t.match(parse('verify --from 2026-01-02 --hashes --keys k --config x'), {
    from: '2026-01-02',
    to: undefined,
    hashes: true,
    keyFile: 'k',
    records: [],
  })
  t.match(parse('plan --json --every 300'), {
    command: 'plan',
    json: true,
    every: '300',
  })
  t.match(parse('skip --before 2026-01-31T08:30:00Z'), {
    command: 'skip',
    before: '2026-01-31T08:30:00Z',
  })
  t.match(parse('replay --day 2026-01-31'), {
    command: 'replay',
    day: '2026-01-31',
  })
  t.match(parse('encrypt --config a --set Password'), {
    command: 'encrypt',
    config: 'a',
    set: 'Password',
  })
  t.match(parse('retry encrypt'), { command: 'retry', keys: ['encrypt'] })
  t.match(parse('collect --config encrypt'), { config: 'encrypt' })
  t.match(parse('init'), {
    command: 'init',
    target: undefined,
    config: undefined,
  })
  t.match(parse('init kubernetes --replicas 4 --config a'), {
    command: 'init',
    target: 'kubernetes',
    replicas: '4',
    config: 'a',
  })
  t.match(parse('sample -n 3 --config a'), { command: 'sample', number: '3' })
  t.match(parse('--yes'), { command: 'collect', yes: true })
  t.match(parse('status --max-lag 600 --strict'), {
    command: 'status',
    maxLag: '600',
    strict: true,
  })
})

t.test('help and version win over whatever else is there', async t => {
  for (const args of [
    '--help',
    '-h',
    'skip -h',
    'colect --help',
    '--version -h',
  ])
    t.equal(parse(args).command, 'help', args)
  for (const args of ['--version', '-V', 'version'])
    t.equal(parse(args).command, 'version', args)
  t.equal(parse('skip --config a --version').command, 'version')
})

t.test('help is that of the command that is named', async t => {
  for (const [args, topic] of [
    ['check --help', 'check'],
    ['--help retry some key', 'retry'],
    ['collect -h', 'collect'],
    ['--help', undefined],
    ['-h --config a', undefined],
    ['colect --help', undefined],
    ['toString --help', undefined],
  ] as const)
    t.equal(parse(args).topic, topic, args)
})

t.test('help takes a topic before the command of its name', async t => {
  const none = { topic: undefined, manual: undefined }
  t.match(parse('help'), { command: 'help', ...none, manual: '' })
  t.match(parse('help verify'), { ...none, manual: 'verify' })
  t.match(parse('help exit-codes'), { ...none, manual: 'exit-codes' })
  t.match(parse('help encrypt'), { ...none, topic: 'encrypt' })
  t.match(parse('verify --help'), { ...none, topic: 'verify' })
})

t.test('an unknown command is refused, with the nearest known', async t => {
  for (const [name, message] of [
    ['colect', /"colect"; did you mean "collect"\?.*--help/],
    ['help shard', /^there is no topic "shard"; did you mean "shards"\?$/],
    ['help colect', /"collect"/],
    ['help xyzzyxyzzy', /^there is no such topic; there are verify, settings,/],
    ['help verify me', /^"help" takes one word: 1 too many$/],
    ['init vektor', /^there is no configuration "vektor".*"vector"\?$/],
    ['init a secret', /^"init" takes one word: 1 too many$/],
    ['init secret/secret', /^there is no such configuration; there are fluent/],
    [
      'init vector --replicas 2',
      /--replicas goes with `init kubernetes` alone/,
    ],
    ['help me and', /too many/],
    ['xyzzy', /^there is no command of that name \(--help/],
    ['toString', /no command/],
    ['__proto__', /no command/],
  ] as const) {
    t.throws(() => parse(name), UsageError)
    t.throws(() => parse(name), { code: 'USAGE', message })
  }
})

t.test('what cannot be understood is refused and named', async t => {
  for (const [args, message] of [
    ['--frobnicate', /--frobnicate.*--help/],
    ['--confg a', /option --confg; did you mean --config\? \(--help/],
    ['collect -n 3', /"collect" takes no --number; `sample` does/],
    ['plan --yes', /"plan" takes no --yes; `collect` does/],
    ['check --max-lag 3', /"check" takes no --max-lag; `status` does/],
    ['--config', /--config.*--help/],
    ['--config --quiet', /--config/],
    ['--quiet=yes', /--quiet/],
    ['collect a.ini', /"collect" takes no further words: 1 too many \(--help/],
    ['skip all of it', /"skip" takes no further words: 3 too many \(--help/],
    ['status key', /"status" takes no further words: 1 too many \(--help/],
    ['--all', /"collect" takes no --all; `retry` does/],
    ['skip --every 60', /"skip" takes no --every; `plan` does/],
    ['verify a --hashes', /"verify" takes no further words: 1/],
    ['plan --hashes', /"plan" takes no --hashes; `verify` does/],
    ['plan --records a', /"plan" takes no --records; `verify` does/],
    ['plan --day 2026-01-31', /"plan" takes no --day; `verify`, `replay` do/],
    ['plan --every', /--every.*--help/],
    [
      'retry --json',
      /no --json; `verify`, `check`, `plan`, `status` do \(--help/,
    ],
    ['--json', /"collect" takes no --json/],
  ] as const) {
    t.throws(() => parse(args), UsageError, args)
    t.throws(() => parse(args), { message }, args)
  }
})

t.test('what is given to encrypt as a word is not repeated', async t => {
  for (const args of [
    'encrypt hush',
    'hush encrypt',
    'encrypt --config a -- --hush',
    'encrypt --hush',
    'encrypt --hush=x',
    'encrypt -hush',
    'init encrypt hush',
    'encrypt --quiet=hush',
    'encrypt --day hush',
  ])
    try {
      parse(args)
      t.fail(args)
    } catch (error) {
      t.ok(error instanceof UsageError, args)
      t.notMatch(String(error), /hush|'-u'|'-s'/, args)
    }
})
