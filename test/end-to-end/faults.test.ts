// Each fault of the network at each stage of a cycle, once and all the time,
// over real HTTP: after the cycle that met it and at most two clean ones
// nothing is missing and nothing came twice; what the fault does not touch
// comes at once; no cycle outlasts its time.

import t from 'tap'
import {
  cloudTrailObject,
  daysAgo,
  startCollector,
  trailKey,
} from '../lib/hosts/collector.ts'
import { differences, stockOf } from '../lib/cycle/exactly-once.ts'
import type { Fault } from '../lib/s3/faults.ts'
import type { Cycle } from '../lib/cycle/in-process-collect.ts'
import type { LoggedRequest } from '../lib/s3/logged-request.ts'

const SKEW = 20 * 60_000
const PARALLEL = 12
const TODAY = daysAgo(0)
const KEYS = ['a', 'b', 'c', 'd', 'e'].map(name => trailKey(TODAY, name))
const TARGET = trailKey(TODAY, 'c')
const FOLDER = TARGET.replace(/[^/]*$/, '')

type Seen = Readonly<LoggedRequest>
const isListing = ({ kind, prefix }: Seen): boolean =>
  kind === 'LIST' && prefix === FOLDER
const isTarget = ({ kind, key }: Seen): boolean =>
  kind === 'GET' && key === TARGET

/** What a fault keeps from a cycle: everything, a page of a folder, an object. */
type Loss = 'everything' | 'page' | 'object'

interface Stage {
  name: string
  loss: Loss
  meets(request: Seen): boolean
  /** The object has failed in a cycle before. */
  isRetry?: boolean
  /** The body breaks off when it is asked for from its start. */
  breaksOff?: boolean
}

const stages: Stage[] = [
  {
    name: 'discovery',
    loss: 'everything',
    meets: ({ delimiter }) => delimiter !== undefined,
  },
  {
    name: 'first page',
    loss: 'page',
    meets: request => isListing(request) && request.token === undefined,
  },
  {
    name: 'second page',
    loss: 'page',
    meets: request => isListing(request) && request.token !== undefined,
  },
  { name: 'GET', loss: 'object', meets: isTarget },
  { name: 'GET of a retry', loss: 'object', meets: isTarget, isRetry: true },
  {
    name: 'GET of the rest',
    loss: 'object',
    meets: request => isTarget(request) && request.range !== undefined,
    breaksOff: true,
  },
]

/** How a cycle may end, by what the fault keeps from it. */
type Ends = Record<Loss, RegExp>
const done: Ends = { everything: /^done$/, page: /^done$/, object: /^done$/ }
const failed: Ends = {
  everything: /^network$/,
  page: /^partial$/,
  object: /^partial$/,
}
const refused: Ends = { ...failed, everything: /^access$/ }
const either = /^(done|partial)$/
// Time may be over before a silence was long enough to be a failure.
const slow: Ends = {
  everything: /^(done|network)$/,
  page: either,
  object: either,
}

interface Case {
  fault: Fault
  /** How the cycle ends when it meets the fault once, and when always. */
  once: Ends
  always: Ends
  /** What an error line says of it. */
  says?: RegExp
  seconds?: number
}

const cases: Record<string, Case> = {
  SlowDown: {
    fault: { status: 503, code: 'SlowDown' },
    once: done,
    always: failed,
  },
  'a 500': {
    fault: { status: 500, code: 'InternalError' },
    once: done,
    always: failed,
  },
  'a reset': { fault: { kind: 'reset' }, once: done, always: failed },
  // Each answer has some bytes, so an object is whole in the end.
  'a cut body': {
    fault: { kind: 'cut', after: 100 },
    once: done,
    always: { ...failed, object: either },
  },
  'a short body': {
    fault: { kind: 'short', length: 100 },
    once: { ...done, object: either },
    always: { ...failed, object: either },
  },
  'an empty 200': {
    fault: { kind: 'empty' },
    once: { ...done, object: either },
    always: failed,
  },
  'a page of HTML': {
    fault: { kind: 'html' },
    once: { ...done, object: either },
    always: failed,
  },
  'malformed XML': {
    fault: { kind: 'malformed' },
    once: { ...done, object: either },
    always: failed,
  },
  'a stall': {
    fault: { kind: 'stall' },
    once: slow,
    always: slow,
    seconds: 10,
  },
  'a stalled body': {
    fault: { kind: 'stall-body', after: 100 },
    once: slow,
    always: slow,
    seconds: 10,
  },
  'another region': {
    fault: { kind: 'redirect', region: 'eu-west-9' },
    once: refused,
    always: refused,
    says: /Region.*eu-west-9/,
  },
  'a 403': {
    fault: { status: 403, code: 'AccessDenied' },
    once: refused,
    always: refused,
    says: /AccessDenied/,
  },
  // Met once, since then this machine knows by how much it is wrong.
  'a wrong clock': {
    fault: { status: 403, code: 'RequestTimeTooSkewed' },
    once: done,
    always: done,
  },
}

t.jobs = PARALLEL
for (const [name, { seconds = 20, ...one }] of Object.entries(cases))
  for (const stage of stages)
    for (const times of ['once', 'always'] as const)
      t.test(
        `${name}, ${stage.name}, ${times}`,
        { buffered: true },
        async t => {
          const { s3, runHere } = await startCollector(t, {
            MaxResultCount: 2,
            MaxCycleSeconds: seconds,
          })
          for (const key of KEYS) s3.put(key, cloudTrailObject(30, 50))
          const stock = stockOf(s3)
          const runs: Cycle[] = []
          if (stage.isRetry) {
            s3.fault = request =>
              isTarget(request)
                ? { status: 403, code: 'AccessDenied' }
                : undefined
            runs.push(await runHere())
          }

          let met = 0
          s3.fault = request => {
            if (stage.meets(request) && (met === 0 || times === 'always')) {
              met++
              if (name !== 'a wrong clock') return one.fault
              s3.clock = () => Date.now() + SKEW
              if (met === 1) return one.fault
            }
            const isFirst = isTarget(request) && request.range === undefined
            return stage.breaksOff && isFirst
              ? { kind: 'cut', after: 200 }
              : undefined
          }
          const faulted = await runHere()
          runs.push(faulted)
          t.ok(met > 0, 'the fault was met')
          // Where the rest alone is refused, the whole is asked for.
          const isMended =
            stage.breaksOff && times === 'once' && one.says !== undefined
          const expected = isMended ? /^done$/ : one[times][stage.loss]
          t.match(faulted.outcome, expected, faulted.outcome)
          // Start-up is not part of it, and takes long on a busy machine.
          t.ok(faulted.ms < seconds * 2000, 'within the time')
          if (one.says && !isMended) {
            const errors = faulted.events.filter(
              ({ level }) => level === 'error',
            )
            t.ok(errors.some(({ message }) => one.says?.test(String(message))))
          }
          if (stage.loss === 'object')
            for (const key of KEYS)
              t.ok(
                key === TARGET ||
                  runs.some(({ stdout }) => stdout.includes(key)),
                'the others come at once',
              )

          s3.fault = undefined
          runs.push(await runHere(), await runHere())
          t.equal(runs.at(-1)?.outcome, 'done')
          t.strictSame(differences(stock, runs), [])
        },
      )
