import { readFileSync } from 'node:fs'
import t from 'tap'
import { errorCode, errorReason } from '../../src/files/error-code.ts'

const thrownBy = (call: () => unknown): unknown => {
  try {
    return call()
  } catch (error) {
    return error
  }
}

t.test('the code of a system error is its reason', async t => {
  const missing = thrownBy(() => readFileSync(`${t.testdir()}/missing`))
  t.equal(errorCode(missing), 'ENOENT')
  t.equal(errorReason(missing), 'ENOENT')
})

t.test('anything else that is thrown has its words for a reason', async t => {
  for (const [thrown, reason] of [
    ['gone', 'gone'],
    [undefined, 'undefined'],
    [{ code: 'EIO' }, '[object Object]'],
    [new Error('odd'), 'Error: odd'],
    [Object.assign(new Error('five'), { code: 5 }), 'Error: five'],
  ] as const) {
    t.equal(errorCode(thrown), undefined)
    t.equal(errorReason(thrown), reason)
  }
})
