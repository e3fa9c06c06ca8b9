import t from 'tap'
import { exposure } from '../../src/files/exposure.ts'

const skip = process.platform === 'win32' && 'permissions lie elsewhere there'

t.test("a file that is its owner's alone is not exposed", async t => {
  for (const mode of [0o600, 0o400, 0o700, 0o100600])
    t.equal(exposure({ mode }), undefined)
})

t.test(
  'any permission of others is exposure, named with the mode',
  { skip },
  async t => {
    for (const bit of [0o40, 0o20, 0o10, 0o4, 0o2, 0o1])
      t.equal(
        exposure({ mode: 0o100600 | bit }),
        `can be read or changed by others than its owner (mode ${(0o600 | bit).toString(8)})`,
      )
  },
)
