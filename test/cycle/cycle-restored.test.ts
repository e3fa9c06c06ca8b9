// Whole cycles over days in which the cursor, the file of older days, or both
// are put back from copies: nothing is missing, and only what neither file
// knows comes again; an older copy of the older file beside a newer cursor is
// refused.

import assert from 'node:assert/strict'
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { CursorError } from '../../src/cursor/cursor-error.ts'
import { dayOf, dayPrefix } from '../../src/find/day-folders.ts'
import { InProcessCycle } from '../lib/cycle/in-process-cycle.ts'

const DAY_MS = 86_400_000
const LEAF = 'AWSLogs/111122223333/CloudTrail/us-east-1/'
const ONE = '{"Records":[{"eventID":"1"}]}'

type Part = '' | '.late'
const PARTS = ['', '.late'] as const

const step = fc.record({
  /** How many objects come, each of today or of yesterday. */
  puts: fc.array(fc.nat({ max: 1 }), { maxLength: 3 }),
  hours: fc.constantFrom(1, 12, 24, 24, 48),
  /** Which files are put back before the cycle, of the copies of the last step that kept some. */
  restore: fc.constantFrom(
    ...(['none', 'none', 'none', 'cursor', 'late', 'both'] as const),
  ),
  copy: fc.boolean(),
})
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

class History {
  readonly cycle: InProcessCycle
  /** When each record was printed, by the number of the step. */
  readonly printed = new Map<string, number[]>()
  readonly all: string[] = []
  refused = 0
  repeats = 0
  #copied = -1
  #step = 0
  #unmoved = ''
  readonly #copies: string

  constructor(t: Test) {
    this.cycle = new InProcessCycle(t)
    this.#copies = join(`${this.cycle.cursorPath}.copies`)
    rmSync(this.#copies, { recursive: true, force: true })
    mkdirSync(this.#copies)
    for (const part of PARTS) rmSync(this.#path(part), { force: true })
  }

  async play({ puts, hours, restore, copy }: Step): Promise<void> {
    const { clock } = this.cycle
    for (const daysAgo of puts) {
      const day = dayOf(clock.now() - daysAgo * DAY_MS)
      const name = `${dayPrefix(LEAF, 'date', day)}${this.all.length}.json`
      this.all.push(`${this.cycle.putAt(name, ONE)}#1`)
    }
    if (restore !== 'none' && this.#copied >= 0) await this.#restore(restore)
    else await this.#run(Infinity)
    this.#step++
    if (copy) {
      this.#copied = this.#step
      for (const part of PARTS) this.#copy(part, 'away')
    }
    clock.advance(hours * 3_600_000)
  }

  async #restore(what: 'cursor' | 'late' | 'both'): Promise<void> {
    const newer = `${this.#copies}/newer`
    if (what !== 'late') this.#copy('', 'back')
    // A copy from before any day moved names no older file, and asks none.
    const isNamed = existsSync(`${this.#copies}/copy.late`)
    if (what === 'cursor')
      return this.#run(this.#copied, isNamed ? this.#unmoved : '')
    const late = this.#path('.late')
    if (existsSync(late)) copyFileSync(late, newer)
    this.#copy('.late', 'back')
    if (what === 'both') {
      this.#unmoved = ''
      return this.#run(this.#copied)
    }
    try {
      const { error, ids } = await this.cycle.run()
      assert.equal(error, undefined)
      this.#note(ids, Infinity, '')
    } catch (error) {
      assert.ok(error instanceof CursorError, String(error))
      assert.equal(error.code, 'CURSOR_UNREADABLE')
      this.refused++
      copyFileSync(newer, late)
    }
    await this.#run(Infinity)
  }

  async #run(copied: number, unmoved = ''): Promise<void> {
    const { error, ids } = await this.cycle.run()
    assert.equal(error, undefined)
    this.#note(ids, copied, unmoved)
    // Days before the window have moved once a cycle found nothing in them.
    if (ids.length === 0) this.#unmoved = dayOf(this.cycle.clock.now() - DAY_MS)
  }

  /** Notes what was printed; only what is of a step since the copy, and of a day since that one, may come again. */
  #note(ids: readonly string[], copied: number, unmoved: string): void {
    for (const id of ids) {
      const before = this.printed.get(id) ?? []
      const last = before.at(-1) ?? Infinity
      if (before.length > 0) {
        this.repeats++
        assert.ok(last >= copied, `${id} of step ${last} comes again`)
        const day = id.slice(LEAF.length, LEAF.length + 10).replaceAll('/', '-')
        assert.ok(day >= unmoved, `the older file knows ${id}`)
      }
      this.printed.set(id, [...before, this.#step])
    }
  }

  #copy(part: Part, where: 'away' | 'back'): void {
    const copy = `${this.#copies}/copy${part}`
    const [from, to] =
      where === 'away' ? [this.#path(part), copy] : [copy, this.#path(part)]
    if (existsSync(from)) copyFileSync(from, to)
    else rmSync(to, { force: true })
  }

  #path(part: Part): string {
    return `${this.cycle.cursorPath}${part}`
  }
}

t.test('copies put back at any time lose nothing', async t => {
  let refused = 0
  let repeats = 0
  const property = fc.asyncProperty(
    fc.array(step, { minLength: 4, maxLength: 14 }),
    async steps => {
      const history = new History(t)
      for (const one of steps) await history.play(one)
      const rest = { puts: [], hours: 1, restore: 'none', copy: false } as const
      await history.play(rest as unknown as Step)
      assert.deepEqual(
        [...history.printed.keys()].toSorted(),
        history.all.toSorted(),
      )
      refused += history.refused
      repeats += history.repeats
    },
  )
  await fc.assert(property, { numRuns: Number(process.env['RUNS'] ?? 8) })
  t.ok(refused > 0, `${refused} older copies were refused`)
  t.ok(repeats > 0, `${repeats} records came again`)
})
