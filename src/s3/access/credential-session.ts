// Keeps the credentials that requests are signed with. They are fetched once
// for all waiting requests, and renewed before they expire, while requests
// still use the old ones: a failed renewal does no harm until then.

import { inTime, systemClock, type Clock } from '../../clock.ts'
import type { Credentials, CredentialSource } from './credentials.ts'
import { conceal } from '../../report/conceal.ts'
import { SourceError } from '../errors/source-error.ts'

/** Gives credentials that are valid as far as is known, at once if it has any, never those that were refused; throws SourceError. */
export type Session = (
  refused?: Credentials,
) => Credentials | Promise<Credentials>

const AHEAD_MS = 300_000
const AHEAD_SHARE = 0.25
// Newly fetched credentials are valid, whatever expiry a wrong clock implies.
const FRESH_MS = 5000
// Requests soon after a failure get the same error: they do not all ask AWS
// anew.
const FAILED_MS = 1000
// A credential_process may take longer than a request may be silent.
const MAX_FETCH_MS = 15_000

interface Held {
  keys: Credentials
  /** By AWS's clock; the time of the fetch is by the clock that only goes forward. */
  expires: number
  renewal: number
  fetched: number
}

/** Makes the session of a source; `now` gives AWS's time in ms. */
export function keepSession(
  source: CredentialSource,
  now: () => number,
  clock: Clock = systemClock,
): Session {
  let held: Held | undefined
  let fetching: Promise<Credentials> | undefined
  let failed: { error: unknown; at: number } | undefined

  const fetch = async (): Promise<Credentials> => {
    try {
      const keys = await inTime(source.fetch(), MAX_FETCH_MS, clock, () =>
        tooLate(source),
      )
      conceal(keys.secretAccessKey, keys.sessionToken)
      const expires = keys.expiration?.getTime() ?? Infinity
      const ahead = Math.min(AHEAD_MS, (expires - now()) * AHEAD_SHARE)
      const renewal = expires - Math.max(0, ahead)
      held = { keys, expires, renewal, fetched: clock.elapsed() }
      failed = undefined
      return keys
    } catch (error) {
      failed = { error, at: clock.elapsed() }
      throw error
    } finally {
      fetching = undefined
    }
  }
  const renew = (): Promise<Credentials> => {
    const isRecent = failed && clock.elapsed() - failed.at < FAILED_MS
    if (failed && isRecent) return Promise.reject(failed.error)
    return (fetching ??= fetch())
  }

  return refused => {
    if (held && refused === held.keys) held = undefined
    if (held === undefined) return renew()
    const { keys, expires, renewal, fetched } = held
    const time = now()
    if (time < renewal || clock.elapsed() - fetched < FRESH_MS) return keys
    if (time >= expires) return renew()
    renew().catch(() => {})
    return keys
  }
}

function tooLate(source: CredentialSource): SourceError {
  source.giveUp?.()
  return new SourceError(
    `${source.doing}: no answer came in ${MAX_FETCH_MS / 1000} s; it is tried again in the next cycle`,
    { code: 'NoAnswer', kind: 'network', unsigned: true },
  )
}
