// Writes the answer of `verify` as one JSON document, leaf by leaf, so that
// memory does not depend on the number of leaves. Of each kind a limited number
// is named, and the rest is counted.

import { concealedJson } from '../report/conceal.ts'
import { sumOf, type FaultState, type LeafResult } from './logs/leaf-result.ts'
import { isWhole, sentence } from './proof.ts'
import { minuteText } from './range.ts'
import type { Writer } from './verify-text.ts'

const GIVEN_UP = 'Not proved: the check was not completed.'

/** Writes JSON. */
export function jsonWriter(): Writer {
  let count = 0
  let repeats = 0
  const findings: unknown[] = []
  return {
    begin: from => `{"from":"${minuteText(from)}","leaves":[`,
    leaf: result => {
      repeats += result.repeats
      const comma = count++ > 0 ? ',' : ''
      return `${comma}\n${concealedJson(leafOf(result))}`
    },
    // They are counted with their leaf.
    unkept: () => '',
    finding: finding => {
      findings.push(finding)
      return ''
    },
    end: proof => {
      const { unsigned, byDigests, to } = proof
      const rest = {
        // The end of the digests' coverage is known only now.
        to: minuteText(to),
        findings,
        repeats,
        signatures: !byDigests
          ? 'none'
          : unsigned === ''
            ? 'checked'
            : 'not checked',
        proved: isWhole(proof),
        sentence: sentence(proof),
      }
      return `],${concealedJson(rest).slice(1)}\n`
    },
    giveUp: () => {
      const rest = { findings, proved: false, sentence: GIVEN_UP }
      return `],${concealedJson(rest).slice(1)}\n`
    },
  }
}

function leafOf(result: LeafResult): object {
  const { folder, account, region, trails, digests } = result
  const { missingDigests, gaps, undigested, findings, faulty } = result
  const { logs, collected, pending, skipped, ...rest } = sumOf(result)
  const named = (state: FaultState): string[] =>
    faulty.filter(log => log.state === state).map(({ key }) => key)
  return {
    account,
    region,
    trail: [...trails].toSorted().join(', '),
    folder,
    digests,
    missing_digests: missingDigests,
    gaps,
    logs,
    collected,
    pending,
    skipped,
    out_of_scope: rest.out_of_scope,
    left_out: rest.left_out,
    before_first_day: rest.before_first_day,
    not_collected: named('not_collected'),
    failed: named('failed'),
    quarantined: named('quarantined'),
    no_longer_known: named('no_longer_known'),
    missing: named('missing'),
    altered: named('altered'),
    undigested,
    not_stored: named('not_stored'),
    repeats: result.repeats,
    unread: named('unread'),
    ...moreOf(result),
    reasons: Object.fromEntries(
      faulty
        .filter(({ reason }) => reason !== '')
        .map(({ key, reason }) => [key, reason]),
    ),
    findings: findings.map(({ level, code, message, key, hour }) => ({
      level,
      code,
      message,
      key,
      hour,
    })),
  }
}

// Gives the counts beyond the named ones, such as undigested_more.
const moreOf = ({ more }: LeafResult): object =>
  Object.fromEntries(
    Object.entries(more)
      .filter(([, count]) => count > 0)
      .map(([name, count]) => [`${name}_more`, count]),
  )
