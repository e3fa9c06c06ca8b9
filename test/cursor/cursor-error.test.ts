import t from 'tap'
import {
  CursorError,
  cursorError,
  damageCure,
} from '../../src/cursor/cursor-error.ts'

t.test(
  'says what was done, on what, what came back and what to do',
  async t => {
    const full = Object.assign(
      new Error('ENOSPC: no space left on device, write'),
      {
        code: 'ENOSPC',
      },
    )
    const error = cursorError(
      'CURSOR_UNWRITABLE',
      'writing the cursor',
      '/c',
      full,
    )
    t.equal(error.name, 'CursorError')
    t.equal(error.code, 'CURSOR_UNWRITABLE')
    t.equal(
      error.message,
      'writing the cursor /c: ENOSPC: no space left on device, write; ' +
        'make room on that disk; the cursor is as it was before',
    )
    t.equal(error.cause, full)
  },
)

t.test(
  'the advice for damage is to restore, or to begin anew with skip',
  async t => {
    const { message } = cursorError(
      'CURSOR_DAMAGED',
      'reading the cursor',
      '/c',
      new SyntaxError('odd'),
    )
    t.equal(message, `reading the cursor /c: odd; ${damageCure}`)
    t.match(damageCure, /backup.*`skip`/)
  },
)

t.test('a CursorError stays the one it is', async t => {
  const error = new CursorError('CURSOR_DAMAGED', 'line 3')
  t.equal(cursorError('CURSOR_UNREADABLE', 'reading', '/c', error), error)
})

t.test('anything thrown can be told', async t => {
  t.match(
    cursorError('CURSOR_UNREADABLE', 'reading', '/c', 'gone').message,
    /^reading \/c: gone; /,
  )
})
