// Proves by CloudTrail's signed digests that every delivered log was collected. The
// cursor is read without the lock and before the file of older days: a cycle moves
// days in that direction, so none is missed.

import { setMaxListeners } from 'node:events'
import type { Readable } from 'node:stream'
import { HostGoneError, StoppedError } from '../output/stdout.ts'
import { judgeCycle } from '../cycle/judge-cycle.ts'
import { reportErrors } from '../cycle/report-error.ts'
import { lastOffset } from '../cursor/clock-note.ts'
import { logTypes } from '../normalize/log-types.ts'
import type { Report } from '../report/report.ts'
import type { Outcome } from '../report/outcome.ts'
import { SourceError } from '../s3/errors/source-error.ts'
import { s3Url } from '../s3/object-store.ts'
import { UsageError } from '../settings/settings-error.ts'
import { isWhole } from '../verify/proof.ts'
import type { ProofSource } from '../verify/prove.ts'
import { proveTrails } from '../verify/prove-trails.ts'
import { askKeys } from '../verify/keys/cloudtrail-api.ts'
import { keysOfCloudTrail, keysOfFile } from '../verify/keys/public-keys.ts'
import { proveFlowLogs } from '../verify/prove-flow-logs.ts'
import { askedRange, type RangeOptions } from '../verify/range.ts'
import { readStored, type StoredLines } from '../verify/stored/read-stored.ts'
import { runProof } from '../verify/run-proof.ts'
import { StoredRecords } from '../verify/stored/stored-records.ts'
import { jsonWriter } from '../verify/verify-json.ts'
import { textWriter } from '../verify/verify-text.ts'
import {
  loadAndWarn,
  openSource,
  readCursor,
  type CommandContext,
  type CommandOptions,
} from './with-cursor.ts'

export interface VerifyOptions extends CommandOptions, RangeOptions {
  /** Reads each log and compares its hash. */
  hashes: boolean
  /** A file of public keys, instead of CloudTrail's answer. */
  keyFile: string | undefined
  /** The files of records that the host has stored. */
  records: readonly string[]
  json: boolean
}

/** Proves the collection; `print` takes the answer for stdout. Throws UsageError, SettingsError, CursorError and the errors of `print`. */
export async function verify(
  options: VerifyOptions,
  context: CommandContext,
  stdin: Readable,
  print: (text: string) => Promise<void>,
): Promise<Outcome> {
  const asked = askedRange(options)
  const { settings, cursorPath } = loadAndWarn(options, context)
  const { clock, report, stop } = context
  const { BucketName: bucket, LogType } = settings
  const { hasDigests: byDigests } = logTypes[LogType]
  if (!byDigests && (options.hashes || options.keyFile !== undefined))
    throw new UsageError(
      'AWS signs no flow logs: --hashes and --keys are for CloudTrail',
    )
  const { keyFile } = options
  const keys = keyFile === undefined ? undefined : await keysOfFile(keyFile)
  const cursor = await readCursor(settings, cursorPath)
  // Ends open requests when the answer is given up.
  const over = new AbortController()
  let isBegun = false
  // Leaves are proved in parallel, so their lines are printed one after another.
  let last = Promise.resolve()
  const say = (text: string): Promise<void> =>
    (last = last.then(async () => {
      if (text === '') return
      // An answer that a signal cut off is not printed.
      if (stop.aborted) throw new StoppedError('a signal asked to stop')
      await print(text)
      isBegun = true
    }))
  const writer = options.json ? jsonWriter() : textWriter()
  const signal = AbortSignal.any([stop, over.signal])
  // Each parallel read adds a listener.
  setMaxListeners(0, signal)
  try {
    const { state } = cursor
    const older =
      state.older.upTo === '' ? undefined : (await cursor.older()).state
    const { records } = options
    const stored = records.length > 0 ? new StoredRecords() : undefined
    let lines: StoredLines | undefined
    if (stored)
      lines = await readStored(
        records,
        stdin,
        s3Url(bucket, ''),
        stored,
        signal,
      )
    const { store, s3Clock, logType, scope, matchesPatterns } = openSource(
      { ...settings, MaxResultCount: 1000 },
      cursorPath,
      context,
      lastOffset(state),
    )
    const source: ProofSource = {
      store,
      bucket,
      logType,
      clock,
      s3Clock,
      signal,
      settings,
      scope,
      matchesPatterns,
      state,
      older,
      asked,
      hashes: options.hashes,
      stored,
      tell: (leaf, things) => say(writer.unkept(leaf, things)),
    }
    const started = byDigests
      ? await proveTrails(
          source,
          keys ?? keysOfCloudTrail(askKeys(settings, s3Clock, clock, signal)),
        )
      : await proveFlowLogs(source)
    const { search } = started
    if (stop.aborted) return stopped(report)
    if (search.asked && !search.reached) {
      reportErrors(search, report)
      return judgeCycle(search, { objects_failed: 0 }).outcome
    }
    const proof = await runProof(
      started,
      { hashes: options.hashes, records: stored !== undefined, byDigests },
      writer,
      { lastCycle: state.cycle.at, now: () => s3Clock.now(), lines },
      say,
    )
    return isWhole(proof) ? 'done' : 'partial'
  } catch (error) {
    if (error instanceof HostGoneError) throw error
    // The reader may have gone by now.
    if (isBegun) await print(writer.giveUp()).catch(() => {})
    if (error instanceof StoppedError || stop.aborted) return stopped(report)
    if (!(error instanceof SourceError)) throw error
    report.error('not_verified', error.message, { code: error.code })
    return error.kind === 'object' ? 'partial' : error.kind
  } finally {
    over.abort()
    await cursor.close()
  }
}

function stopped(report: Report): Outcome {
  report.error(
    'stopped',
    'a signal asked to stop before all was verified: nothing is proved',
  )
  return 'partial'
}
