import fc from 'fast-check'
import t from 'tap'
import { filePatterns } from '../../src/find/file-patterns.ts'

t.test('patterns look at the last segment of a key, case and all', t => {
  const cases: [
    inclusions: string[],
    exclusions: string[],
    key: string,
    wanted: boolean,
  ][] = [
    [['*.gz'], [], 'a/b.json.gz', true],
    [['*.gz'], [], 'a/b.json.GZ', false],
    [['*.gz'], [], 'a.gz/b.json', false],
    [['*.gz'], [], 'a/.gz', true],
    [['*.gz'], [], 'a/b.gzip', false],
    [['.gz'], [], 'a/b.json.gz', true],
    [['.json.gz'], [], 'a/b.log.gz', false],
    [['*.log', '*.gz'], [], 'a/b.log', true],
    [[], [], 'a/b', true],
    [[], ['*.tmp'], 'a/b.tmp', false],
    [['*.gz'], ['tmp-*'], 'a/tmp-1.gz', false],
    [['*.gz'], ['tmp-*'], 'tmp-x/1.gz', true],
    [['a?.gz'], [], 'ab.gz', true],
    [['a?.gz'], [], 'a.gz', false],
    [['a?.gz'], [], 'a😀.gz', true],
    [['*_CloudTrail_*'], [], 'x/1_CloudTrail_r_2.json.gz', true],
    [['1+1=(2)[x]{y}^$|\\.gz'], [], 'x/1+1=(2)[x]{y}^$|\\.gz', true],
    [['1+1.gz'], [], '11.gz', false],
    [['a.gz'], [], 'abgz', false],
    [['*.gz'], [], 'x/line\nfeed.gz', true],
    [['*'], [], 'x/', true],
  ]
  for (const [inclusions, exclusions, key, wanted] of cases)
    t.equal(
      filePatterns(inclusions, exclusions)(key),
      wanted,
      `${inclusions.join()} without ${exclusions.join()}: ${key}`,
    )
  t.end()
})

t.test('a pattern fits what a regular expression would', t => {
  const unit = fc.constantFrom('a', 'b', '😀')
  const pattern = fc.string({ unit: fc.oneof(unit, fc.constantFrom(...'**?')) })
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 8 }), pattern, (name, one) => {
      const source = one.replaceAll('*', '.*').replaceAll('?', '.')
      const expected = new RegExp(`^${source}$`, 'su').test(name)
      return filePatterns([one], [])(`x/${name}`) === expected
    }),
    { numRuns: 2000 },
  )
  t.end()
})

t.test('a name made to be hard takes no longer', t => {
  const matchesPatterns = filePatterns([`${'a*'.repeat(8)}b`], [])
  t.notOk(matchesPatterns('a'.repeat(1000)))
  t.end()
})
