// What a person sees: the program on a real pseudo terminal, which `script` of
// util-linux makes.

import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { putToday, startCollector } from '../lib/hosts/collector.ts'

const WIPE = '\r\u001b[K'
const LIVE = /\d+ of \d+ objects, \d+ left, [\d,]+ records\/s, [\d.]+ MB\/s/
const { error } = spawnSync('script', ['--version'])
const skip = error ? 'script of util-linux is not there' : false

// A bucket whose objects take long enough for the line to be seen.
async function startSlow(t: Test) {
  const collector = await startCollector(t)
  const { s3, folder } = collector
  for (let index = 0; index < 3; index++) putToday(s3, `n-${index}`, 3)
  s3.fault = ({ kind }) =>
    kind === 'GET' ? { kind: 'delay', ms: 900 } : undefined
  const see = async (command: string): Promise<string> => {
    await collector.script(
      `export CMD="$*"; script -qec "$CMD ${command}" seen >/dev/null </dev/null`,
    )
    return readFileSync(join(folder, 'seen'), 'latin1')
  }
  return { ...collector, see }
}

t.test(
  'a live line while a cycle runs, wiped at its end',
  { skip },
  async t => {
    const { folder, see } = await startSlow(t)
    const seen = await see('>out')
    const drawn = seen.split(WIPE).filter(text => LIVE.test(text))
    t.ok(drawn.length >= 2 && drawn.length <= 20, `${drawn.length} times`)
    t.match(
      seen,
      `${WIPE}cycle ended: 9 records of 3 objects in `,
      'wiped before the summary',
    )
    const last = seen.slice(seen.lastIndexOf(WIPE))
    t.notMatch(last, LIVE)
    t.equal(
      readFileSync(join(folder, 'out'), 'utf8').split('\n').length,
      10,
      'stdout is as ever',
    )
  },
)

t.test(
  'records on the same terminal do not run on behind it',
  { skip },
  async t => {
    const { see } = await startSlow(t)
    const seen = await see('--yes')
    const lines = seen.split('\n').filter(line => line.includes('"s3_record"'))
    t.equal(lines.length, 9)
    for (const line of lines) t.match(line.split(WIPE).at(-1), /^\{"[^]*\}\r$/)
  },
)

t.test('none with --quiet', { skip }, async t => {
  const { see } = await startSlow(t)
  const seen = await see('--quiet >out')
  t.notMatch(seen, LIVE)
  t.notMatch(seen, 'cycle ended')
})

t.test('asks before it commits what it shows', { skip }, async t => {
  const { s3, script, folder, run, ini } = await startCollector(t)
  putToday(s3, 'n', 3)
  // Answered once the question is there; the terminal stays until the end.
  const answer = async (keys: string) => {
    await script(
      `export CMD="$*"
      wait_for() { for i in $(seq 400); do "$@" && return; sleep 0.05; done; }
      rm -f seen code
      { wait_for grep -qs '\\[y/N\\]' seen; printf '${keys}'; wait_for test -s code; } |
      { script -qefc "$CMD" seen >/dev/null; echo $? >code; }`,
    )
    const code = Number(readFileSync(join(folder, 'code'), 'utf8'))
    return { code, seen: readFileSync(join(folder, 'seen'), 'latin1') }
  }
  for (const keys of ['n\\n', '\\n', '\\004', 'yesterday\\n']) {
    const no = await answer(keys)
    t.equal(no.code, 0, keys)
    t.match(no.seen, 'nothing is collected, and nothing committed')
    t.notMatch(no.seen, '"s3_record"')
  }
  t.notOk(existsSync(`${ini}.cursor`))
  const yes = await answer('y\\n')
  t.equal(yes.code, 0)
  t.equal(yes.seen.split('"s3_record"').length, 4)
  t.equal((await run()).records.length, 0, 'it is committed')
})

t.test('where nobody can be asked it is exit 2', { skip }, async t => {
  const { s3, script, folder, run } = await startCollector(t)
  putToday(s3, 'n', 3)
  await script(
    `export CMD="$*"; script -qec '$CMD </dev/null; echo code $?' seen >/dev/null </dev/null`,
  )
  const seen = readFileSync(join(folder, 'seen'), 'latin1')
  t.match(seen, 'code 2')
  t.match(seen, '`collect --yes` does not ask')
  t.equal((await run()).records.length, 3, 'all of it is still to come')
})
