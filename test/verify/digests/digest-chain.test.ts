// A walk along a chain of digests finds each fault in it, and names it.

import fc from 'fast-check'
import { gunzipSync, gzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import type { CheckSignature } from '../../../src/verify/digests/digest-trust.ts'
import type { Finding } from '../../../src/verify/digests/digest-finding.ts'
import {
  digestKey,
  HOUR,
  makeChain,
  signedDigest,
  signingKey,
  type ChainPlan,
  type MadeDigest,
  type MadeObject,
} from '../../lib/verify/chain-maker.ts'
import { checkBy, seen, walkChain } from '../../lib/verify/seen-chain.ts'

const START = Date.parse('2026-11-28T00:01:31Z')
const key = signingKey()
const good = checkBy(key)
const unchecked: CheckSignature = () => 'unchecked'
const plan: ChainPlan = { key, start: START, hours: 8 }
const range = (hours: number, from = START) => ({
  from,
  to: START + hours * HOUR,
  owed: START + hours * HOUR,
})
const hourText = (hour: number): string =>
  new Date(START + hour * HOUR).toISOString().replace('.000', '')

/** Says in short what was found: `code key` or `code hour`, in order. */
function short(findings: readonly Finding[], level: Finding['level']) {
  return findings
    .filter(finding => finding.level === level)
    .map(({ code, key, hour }) => `${code} ${key ?? hour ?? ''}`.trim())
    .toSorted()
}

const at = (digests: readonly MadeDigest[], index: number): MadeDigest => {
  const digest = digests.at(index)
  if (digest === undefined) throw new Error(`there is no digest ${index}`)
  return digest
}

/** Gives the chain with one digest replaced. */
const replaced = (
  chain: readonly MadeDigest[],
  index: number,
  change: (digest: MadeDigest) => Partial<MadeObject>,
): MadeObject[] =>
  chain.map((digest, i) =>
    i === index ? { ...digest, ...change(digest) } : digest,
  )

const bare = (objects: readonly MadeObject[]): MadeObject[] =>
  objects.map(object => ({ ...object, metadata: {} }))

/** Changes one byte of what a digest holds, but none of its length. */
function altered({ body }: MadeObject, place: number, by: number): Buffer {
  const plain = gunzipSync(body)
  const index = place % plain.length
  plain[index] = ((plain[index] as number) + by) % 256
  return gzipSync(plain)
}

const faultsOf = (
  objects: readonly MadeObject[],
  check = good,
  hours = 6,
): string[] => short(walkChain(objects, range(hours), check), 'fault')

const otherHex = (text: string): string =>
  `${text.startsWith('a') ? 'b' : 'a'}${text.slice(1)}`

// Whole chains are made once, because signing takes long.
const chains = new Map<number, MadeDigest[]>()
const chainOf = (hours: number): MadeDigest[] => {
  const known = chains.get(hours) ?? makeChain({ ...plan, hours })
  chains.set(hours, known)
  return known
}

const drawn = fc
  .record({
    hours: fc.integer({ min: 3, max: 9 }),
    place: fc.nat(1000),
    count: fc.integer({ min: 1, max: 4 }),
    byte: fc.nat(100_000),
    by: fc.integer({ min: 1, max: 255 }),
    isBare: fc.boolean(),
    isChecked: fc.boolean(),
  })
  .map(draw => ({ ...draw, index: draw.place % draw.hours }))

const property = (
  t: Test,
  name: string,
  holds: (draw: DrawOf) => void,
): void => {
  fc.assert(fc.property(drawn, holds), { numRuns: 100 })
  t.pass(name)
}

t.test('a whole chain has no finding', async t => {
  property(t, 'any length', ({ hours, isChecked }) => {
    same(
      walkChain(chainOf(hours), range(hours), isChecked ? good : unchecked),
      {
        fault: [],
        warning: [],
      },
    )
  })
})

t.test('a copy is named once, and without signatures its newest', async t => {
  property(t, 'any length', ({ hours, isBare, isChecked }) => {
    const chain = chainOf(hours)
    const objects = isBare ? bare(chain) : chain
    const check = isChecked ? good : unchecked
    same(walkChain(objects, range(hours), check, 'copies'), {
      fault: [],
      warning: [
        'copy',
        ...(isBare ? [`not-provable ${at(chain, -1).key}`] : []),
      ],
    })
  })
})

t.test('each digest that was deleted is named', async t => {
  property(t, 'any of them', ({ hours, index, count, isBare, isChecked }) => {
    const chain = chainOf(hours)
    const end = Math.min(index + count, hours)
    const left = chain.filter((_, i) => i < index || i >= end)
    if (left.length === 0) return
    const found = walkChain(
      isBare ? bare(left) : left,
      range(hours),
      isChecked ? good : unchecked,
    )
    const named = end < hours ? end - 1 : -1
    // Without signatures, the first that is gone alone spoke for the one before.
    const isLost = isBare && isChecked && index > 0 && end < hours
    const first = isLost ? index - 1 : index
    same(found, {
      fault: chain
        .slice(first, end)
        .map((digest, i) =>
          first + i === named
            ? `missing ${digest.key}`
            : `gap ${hourText(first + i)}`,
        )
        .toSorted(),
    })
    const told = found
      .filter(({ level }) => level === 'fault')
      .map(({ hour }) => hour)
    const due = chain.slice(first, end).map((_, i) => hourText(first + i))
    if (told.join() !== due.join()) throw new Error(told.join())
  })
})

t.test('an altered byte names its digest alone', async t => {
  property(t, 'any byte', ({ hours, index, byte, by, isBare, isChecked }) => {
    const chain = chainOf(hours)
    // Nothing speaks for the newest one, without its signature.
    const isMute = isBare || !isChecked
    if (isMute && index === hours - 1) return
    const objects = replaced(chain, index, digest => ({
      body: altered(digest, byte, by),
    }))
    const found = walkChain(
      isBare ? bare(objects) : objects,
      range(hours),
      isChecked ? good : unchecked,
    )
    // One that cannot be read at all is told of where it is read. Without a
    // signature a name in it may pass for that of another place.
    const changed = objects[index]
    const isReadable = changed && seen(changed).digest !== undefined
    const { key } = at(chain, index)
    // What it said of the one before it may be lost with it, and where no other
    // is proved the newest stands alone.
    const lost = isBare && isChecked ? [index - 1, hours - 1] : []
    const faults = short(found, 'fault')
      .map(fault => fault.split(' ')[1])
      .filter(fault => !lost.map(hourText).includes(fault ?? ''))
    const due = isReadable ? [key] : []
    if ([...new Set(faults)].join() !== due.join())
      throw new Error(JSON.stringify(found))
  })
})

t.test('an altered signature names its digest alone', async t => {
  property(t, 'any', ({ hours, index, isChecked }) => {
    const chain = chainOf(hours)
    const isNewest = index === hours - 1
    const objects = replaced(chain, index, ({ signature }) => ({
      metadata: { 'x-amz-meta-signature': otherHex(signature) },
    }))
    const found = walkChain(objects, range(hours), isChecked ? good : unchecked)
    const { key } = at(chain, index)
    const code = isNewest ? 'altered' : 'signature'
    same(found, {
      fault: isNewest && !isChecked ? [] : [`${code} ${key}`],
      warning: [],
    })
  })
})

t.test('a digest that another key signed is named alone', async t => {
  const forger = signingKey('forger')
  property(t, 'any', ({ hours, index, isBare }) => {
    const chain = chainOf(hours)
    if (isBare && index === hours - 1) return
    const forged = replaced(chain, index, ({ fields }) => {
      const { body, metadata } = signedDigest({ key: forger }, fields)
      return { body, metadata }
    })
    const code = index === hours - 1 ? 'altered' : 'signature'
    // Without the forged signature nothing is wrong: the next one holds the right one.
    same(walkChain(isBare ? bare(forged) : forged, range(hours), good), {
      fault: isBare ? [] : [`${code} ${at(chain, index).key}`],
    })
    const renamed = replaced(chain, index, ({ fields }) => {
      const { fingerprint } = forger
      const lie = { ...fields, digestPublicKeyFingerprint: fingerprint }
      const { body, metadata } = signedDigest({ key: forger }, lie)
      return { body, metadata }
    })
    const renamedCode = index === hours - 1 ? 'no-key' : 'altered'
    same(walkChain(isBare ? bare(renamed) : renamed, range(hours), good), {
      fault: [`${renamedCode} ${at(chain, index).key}`],
    })
  })
})

t.test('a digest that was moved is named where it is and was', async t => {
  property(t, 'anywhere', ({ hours, index, count, isBare, isChecked }) => {
    const chain = chainOf(hours)
    const { key: from } = at(chain, index)
    const isMinute = count % 2 === 0
    // Within the same hour, or into another folder.
    const to = isMinute
      ? digestKey(plan, at(chain, index).end - 60_000)
      : `${from.replace('AWSLogs/', 'old/AWSLogs/')}`
    const objects = replaced(chain, index, () => ({ key: to }))
    const found = walkChain(
      isBare ? bare(objects) : objects,
      range(hours),
      isChecked ? good : unchecked,
    )
    const hole =
      index === hours - 1 ? `gap ${hourText(index)}` : `missing ${from}`
    // Without signatures, that one alone spoke for the one before it.
    const isLost =
      isMinute && isBare && isChecked && index > 0 && index < hours - 1
    same(found, {
      fault: [
        ...(isLost ? [`gap ${hourText(index - 1)}`] : []),
        ...(isMinute ? [hole] : []),
        `moved ${to}`,
      ].toSorted(),
    })
  })
})

t.test('a pause is not a fault, and its time is reported', async t => {
  property(t, 'anywhere', ({ hours, index, count, isBare, isChecked }) => {
    const pause = { after: index, hours: count }
    const chain = makeChain({ ...plan, hours: hours + count + 1, pause })
    const begun = at(chain, index + 1)
    const found = walkChain(
      isBare ? bare(chain) : chain,
      range(hours + count + 1),
      isChecked ? good : unchecked,
    )
    const before = at(chain, index).key
    same(found, {
      fault: [],
      warning: [
        `not-recorded ${begun.key}`,
        ...(isBare
          ? [
              `signatures-not-checked ${before}`,
              `not-provable ${at(chain, -1).key}`,
            ]
          : []),
      ].toSorted(),
    })
  })
})

t.test('a forged chain is found out', async t => {
  const chain = chainOf(6)
  const forge = (
    index: number,
    lie: Record<string, unknown>,
    metadata?: Record<string, string>,
  ): MadeObject => {
    const { fields } = at(chain, index)
    const forged = signedDigest({ key: signingKey('forger') }, fields)
    const body = gzipSync(JSON.stringify({ ...fields, ...lie }))
    return { ...forged, body, metadata: metadata ?? forged.metadata }
  }
  const inPlace = (index: number, object: MadeObject): MadeObject[] =>
    chain.map((digest, i) => (i === index ? object : digest))

  const { key: third } = at(chain, 2)
  const lies: [string, Record<string, unknown>][] = [
    ['itself as predecessor', { previousDigestS3Object: third }],
    ['a later one', { previousDigestS3Object: at(chain, 4).key }],
    ['one of another chain', { previousDigestS3Object: 'x/y' }],
    ['no predecessor', { previousDigestS3Object: null }],
    ['a start after its end', { digestStartTime: '2030-01-01T00:00:00Z' }],
    ['a start long ago', { digestStartTime: '2000-01-01T00:00:00Z' }],
    ['another account', { awsAccountId: '999999999999' }],
    ['no logs', { logFiles: [] }],
  ]
  t.test('the forged digest is named, whoever signed it', async t => {
    for (const [what, lie] of lies) {
      const found = faultsOf(inPlace(2, forge(2, lie)))
      t.strictSame(
        found.filter(fault => !fault.endsWith(third)),
        [],
        what,
      )
      // One that cannot be read is told of by who reads it.
      if (what !== 'no predecessor') t.equal(found.length, 1, what)
    }
  })

  t.test('neither the digest before it nor another place is named', async t => {
    const { metadata } = at(chain, 2)
    const about = {
      hash: { previousDigestHashValue: 'a'.repeat(64) },
      signature: { previousDigestSignature: 'ab'.repeat(256) },
      trail: { digestS3Object: third.replace('_audit_', '_audi7_') },
    }
    for (const [what, lie] of Object.entries(about)) {
      const forged = forge(2, lie, metadata)
      t.strictSame(faultsOf(inPlace(2, forged)), [`altered ${third}`], what)
      const isPlace = what === 'trail'
      t.strictSame(
        faultsOf(bare(inPlace(2, forged))),
        // Where nothing is signed, it may as well have been brought there, and
        // nothing speaks for the one before it.
        [
          ...(what === 'hash' ? [] : [`gap ${hourText(1)}`]),
          ...(isPlace ? [`missing ${third}`] : []),
          `${isPlace ? 'moved' : 'altered'} ${third}`,
        ].toSorted(),
        `${what}, unsigned`,
      )
    }
  })

  t.test('a signed replacement is named', async t => {
    const other = signedDigest(plan, { ...at(chain, 2).fields, logFiles: [] })
    const objects = inPlace(2, other)
    t.strictSame(faultsOf(objects), [`altered ${third}`])
  })

  t.test('a digest without proof hides no missing hours', async t => {
    const [, , , , , newest] = chain
    const nobody = {
      previousDigestS3Bucket: null,
      previousDigestS3Object: null,
    }
    const none = {
      previousDigestHashValue: null,
      previousDigestHashAlgorithm: null,
    }
    const start = { ...nobody, ...none, previousDigestSignature: null }
    const long = {
      digestStartTime: at(chain, 1).fields['digestEndTime'],
      previousDigestS3Object: at(chain, 1).key,
      previousDigestHashValue: at(chain, 1).hash,
      previousDigestSignature: at(chain, 1).signature,
    }
    const hole = [2, 3, 4].map(hour => `gap ${hourText(hour)}`)
    for (const lie of [start, long])
      for (const hours of [5, 6])
        t.strictSame(
          faultsOf([...chain.slice(0, 2), forge(5, lie, {})], good, hours),
          hours > 5 ? [...hole, `gap ${hourText(5)}`] : hole,
          `${newest?.key}, ${hours} hours asked for`,
        )
  })

  t.test('a digest without a successor is named', async t => {
    const { fields, key: before } = at(chain, 2)
    const name = digestKey(plan, at(chain, 2).end + 1000)
    const second = signedDigest(plan, { ...fields, digestS3Object: name })
    const objects = [...chain, second]
    const inOrder = faultsOf(objects)
    t.ok(inOrder.length > 0)
    t.strictSame(
      inOrder.filter(fault => !fault.endsWith(name)),
      [],
      `${before} is not blamed`,
    )
  })

  t.test('a signature that was removed before a pause is missed', async t => {
    const pause = { after: 2, hours: 2 }
    const paused = makeChain({ ...plan, hours: 8, pause })
    const objects = replaced(paused, 2, () => ({ metadata: {} }))
    t.strictSame(short(walkChain(objects, range(8), good), 'fault'), [
      `signature ${at(paused, 2).key}`,
    ])
  })
})

t.test('the digests at the start of a range are checked', async t => {
  const chain = chainOf(9)
  const from = START + 3 * HOUR + 1_800_000
  const walk = (objects: readonly MadeObject[]) =>
    walkChain(objects, range(9, from), good)
  t.strictSame(walk(chain), [], 'nothing before it is looked for')
  t.strictSame(walk(chain.slice(3)), [], 'nor what its first digest names')
  t.strictSame(
    short(walk(chain.slice(6)), 'fault'),
    [`gap ${hourText(3)}`, `gap ${hourText(4)}`, `missing ${at(chain, 5).key}`],
    'each hour that lies in it in part is owed',
  )
  t.strictSame(
    walk(chain.slice(0, 3)).map(({ hour }) => hour),
    [3, 4, 5, 6, 7, 8].map(hourText),
    'a chain that ended before it owes every hour of it',
  )
})

t.test('the digests at the end of a range are checked', async t => {
  const chain = chainOf(9)
  const until = (to: number, owed: number, objects = chain) =>
    walkChain(objects, { from: START, to, owed }, good)
  const mid = START + 5 * HOUR - 1_800_000
  t.strictSame(until(mid, mid), [], 'further digests are not looked at')
  t.strictSame(
    until(mid, mid, chain.slice(0, 4)),
    [],
    'an hour that is not over is not owed',
  )
  t.strictSame(
    until(mid, mid + HOUR, chain.slice(0, 4)).map(({ hour }) => hour),
    [hourText(4)],
    'but is when it is',
  )
  t.strictSame(
    until(mid, mid, bare(chain) as MadeDigest[]),
    [],
    'the next one speaks for the last',
  )
})

t.test('predecessors in another bucket are not looked for', async t => {
  const before = at(makeChain({ ...plan, hours: 1, bucket: 'old' }), 0)
  const chain = makeChain({
    ...plan,
    start: START + HOUR,
    hours: 3,
    previous: before,
  })
  const found = walkChain(chain, range(4), good)
  t.strictSame(short(found, 'fault'), [])
  t.strictSame(short(found, 'warning'), [`other-bucket ${at(chain, 0).key}`])
  const mixed = walkChain([before, ...chain], range(4), good)
  t.strictSame(
    short(mixed, 'fault'),
    [`moved ${before.key}`],
    'a digest of another bucket among its own was brought in',
  )
})

t.test('a digest without proof only adds findings', async t => {
  const chain = chainOf(9)
  const nobody = Object.fromEntries(
    Object.keys(at(chain, 0).fields)
      .filter(name => name.startsWith('previous'))
      .map(name => [name, null]),
  )
  const forge = (index: number, lie: Record<string, unknown>): MadeObject => {
    const fields = { ...at(chain, index).fields, ...lie }
    const { key } = at(chain, index)
    const body = gzipSync(JSON.stringify(fields))
    return { ...at(chain, index), key, body, metadata: {} }
  }
  const { hash, signature, key: second } = at(chain, 1)
  const elsewhere = { previousDigestS3Bucket: 'other' }
  const forged = forge(6, { previousDigestS3Object: second })
  const other = signingKey('forger')
  const lies: [string, MadeObject][] = [
    ['a predecessor in another bucket', forge(6, elsewhere)],
    ['one that begins behind the range', forge(8, elsewhere)],
    ['none', forge(6, nobody)],
    ['the last one that is there', forged],
    [
      'the last one, by its hash',
      forge(6, {
        previousDigestS3Object: second,
        previousDigestHashValue: hash,
        previousDigestSignature: signature,
      }),
    ],
    [
      'a key that nobody knows',
      {
        ...forge(8, {
          ...elsewhere,
          digestPublicKeyFingerprint: other.fingerprint,
        }),
        metadata: { 'x-amz-meta-signature': 'ab'.repeat(256) },
      },
    ],
  ]
  const holes = [2, 3, 4, 5, 6, 7].map(hour => `gap ${hourText(hour)}`)
  const held = range(8)
  for (const [what, lie] of lies) {
    const found = walkChain([...chain.slice(0, 2), lie], held, good)
    t.strictSame(short(found, 'fault'), holes, what)
    const gaps = [2, 3, 4, 5].map(hour => `gap ${hourText(hour)}`)
    const within = walkChain(
      [...chain.slice(0, 2), lie, ...chain.slice(7)],
      held,
      good,
    )
    const faults = short(within, 'fault')
    // The next one that is proved names what lies in its place.
    if (lie.key === at(chain, 6).key)
      t.strictSame(faults, [`altered ${lie.key}`, ...gaps], `${what}, within`)
  }
  const alone = forge(2, {})
  const hour = { from: START + 2 * HOUR, to: START + 3 * HOUR }
  t.strictSame(
    short(
      walkChain(
        [...chain.slice(0, 2), alone],
        { ...hour, owed: hour.to },
        good,
      ),
      'fault',
    ),
    [`gap ${hourText(2)}`],
    'the only one of a range',
  )
  const first = walkChain([forge(6, nobody)], held, good)
  t.strictSame(short(first, 'warning'), [`not-provable ${at(chain, 6).key}`])
  t.strictSame(short(first, 'fault'), [`gap ${hourText(7)}`])
})

t.test('digests that went to another bucket for a while are named', async t => {
  const early = makeChain({ ...plan, hours: 2 })
  const away = makeChain({
    ...plan,
    start: START + 2 * HOUR,
    hours: 3,
    bucket: 'other',
    previous: at(early, -1),
  })
  const back = makeChain({
    ...plan,
    start: START + 5 * HOUR,
    hours: 2,
    previous: at(away, -1),
  })
  const found = walkChain([...early, ...back], range(7), good)
  t.strictSame(short(found, 'fault'), [])
  t.match(found, [
    { code: 'other-bucket', message: /from 2026-11-28T02:01:31Z to .*T05:01/ },
  ])
})

t.test('a chain that goes on in another folder is not followed', async t => {
  const old = makeChain({ ...plan, hours: 2, prefix: 'old/' })
  const previous = at(old, -1)
  const start = START + 2 * HOUR
  const chain = makeChain({ ...plan, start, hours: 3, previous })
  const found = walkChain(chain, range(5), good)
  t.strictSame(short(found, 'fault'), [
    ...[0, 1].map(hour => `gap ${hourText(hour)}`),
    `order ${at(chain, 0).key}`,
  ])
  t.match(found[0]?.message, /lies in another folder/)
  t.strictSame(walkChain(chain, range(5, start), good), [], 'nor before')
})

t.test('backfill chains owe no hours', async t => {
  const backfilled = makeChain({
    ...plan,
    hours: 6,
    backfilledAfter: 30 * HOUR,
    logsIn: () => 1,
  })
  t.strictSame(walkChain(backfilled, range(6), good), [])
  const [first, , third] = makeChain({
    ...plan,
    hours: 3,
    backfilledAfter: 30 * HOUR,
  })
  if (first === undefined || third === undefined) throw new Error('none')
  const found = walkChain([first, third], range(6), good)
  t.strictSame(
    found.map(({ code }) => code),
    ['missing'],
    'one that is named is',
  )
})

type DrawOf = typeof drawn extends fc.Arbitrary<infer T> ? T : never

function same(
  found: readonly Finding[],
  due: { fault: string[]; warning?: string[] },
): void {
  const has = { fault: short(found, 'fault'), warning: short(found, 'warning') }
  const told = { ...has, ...due }
  if (JSON.stringify(has) !== JSON.stringify(told))
    throw new Error(`found ${JSON.stringify(has)}, due ${JSON.stringify(due)}`)
}
