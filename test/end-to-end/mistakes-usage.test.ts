// What people get wrong on a command line, and about what the program is
// connected to: each is met by the built program, and before anything is done.

import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'
import { expectDecent, SECRET, set, startWorld } from '../lib/hosts/mistakes.ts'
import { runProgram } from '../lib/hosts/run-program.ts'

// The words, without --config where they begin with a blank, and what is said.
const WORDS: readonly (readonly [string, RegExp])[] = [
  [' colect', /no command "colect"; did you mean "collect"\?/],
  [' frobnicate', /there is no command of that name \(--help lists them\)/],
  [' check', /--config FILE is missing: name .*or make one with `init`/],
  [' collect --config', /'--config <value>' argument missing \(--help/],
  ['--cnofig x', /^there is no option --cnofig; did you mean --config\?/],
  ['sample -x', /^there is no option -x \(--help shows the usage\)$/],
  ['collect more', /"collect" takes no further words: 1 too many \(--help/],
  ['collect --json', /"collect" takes no --json; .*`check`.* do/],
  [' help verfy', /no topic "verfy"; did you mean "verify"\?/],
  [
    ' init fluentbit',
    /no configuration "fluentbit"; did you mean "fluent-bit"/,
  ],
  ['init kubernetes --replicas many', /whole number from 1 .*, not "many"/],
  ['status --max-lag soon', /--max-lag takes whole seconds .* not "soon"/],
  ['status --strict', /--strict goes with --max-lag SECONDS/],
  ['replay', /`replay` takes the day, in UTC, as --day YYYY-MM-DD/],
  ['replay --day 2026-02-30', /--day YYYY-MM-DD, .* not "2026-02-30"/],
  ['skip --before monday', /--before takes a time in UTC .* not "monday"/],
  ['sample -n 0', /-n takes a whole number from 1 to 1000, not "0"/],
  ['plan --every often', /--every takes whole seconds .* not "often"/],
  ['retry', /`retry` takes either KEYs or --all or --taken; `status` lists/],
  ['verify --from tomorrow', /--from takes a UTC day or time, .* "tomorrow"/],
  ['verify --keys /no/keys', /--keys, \/no\/keys, cannot be used: ENOENT.*aws/],
  ['verify --records /no/file', /--records \/no\/file: ENOENT; name files/],
  ['encrypt --set Secret', /--set takes AccessKeyId, SecretAccessKey, Passw/],
]

t.test('words', async t => {
  const { ini, run } = await startWorld(t)
  const runs = WORDS.map(([words]) => {
    const args = words.trim().split(' ')
    return words.startsWith(' ') ? runProgram(args) : run(args)
  })
  for (const [index, end] of (await Promise.all(runs)).entries()) {
    const [words, says] = WORDS[index] ?? ['', /^$/]
    t.equal(end.code, 2, words)
    t.equal(end.stdout, '')
    t.equal(end.events.length, 1, 'one clear line')
    t.match(end.events[0]?.['message'], says)
    expectDecent(t, end.stderr)
  }
  t.notOk(existsSync(`${ini}.cursor`), 'nothing was begun')
})

t.test('a secret among the words of encrypt is not repeated', async t => {
  const { code, stderr } = await runProgram(['encrypt', 'hunter2'])
  t.equal(code, 2)
  t.match(stderr, /never a secret, .*: it is read from a prompt or from stdin/)
  t.notMatch(stderr, 'hunter2')
})

t.test('a stdout that goes nowhere, and one that is closed', async t => {
  const world = await startWorld(t)
  for (const [redirection, code, says] of [
    ['>/dev/null', 2, /stdout is closed or \/dev\/null.*let a host read it/],
    ['>&-', 2, /stdout is closed or \/dev\/null.*let a host read it/],
    ['>/dev/full', 6, /ENOSPC/],
  ] as const) {
    await world.script(`"$@" ${redirection} 2>said; echo $? >code`)
    t.equal(Number(readFileSync(`${world.folder}/code`, 'utf8')), code)
    const said = readFileSync(`${world.folder}/said`, 'utf8')
    t.match(said, says)
    expectDecent(t, said)
  }
})

t.test('secrets in plain text: only two commands tell', async t => {
  const world = await startWorld(t)
  set({ AccessKeyId: 'AKIDTEST', SecretAccessKey: SECRET })(world)
  const plain = /SecretAccessKey .* in plain text: encrypt with/
  t.match((await world.run()).stderr, plain)
  t.match((await world.run(['check'])).stdout, plain)
  for (const command of [
    'status',
    'plan',
    'sample',
    'retry --all',
    'init cron',
  ])
    t.notMatch((await world.run(command.split(' '))).stderr, plain, command)
})
