// The ways in which a command or a cycle ends, in one table: the exit code, the
// status in the heartbeat, and the text of the help. The order of the rows
// decides which of several outcomes counts. Exit codes are documented, so
// neither a code nor the order may change.

interface End {
  exit: number
  /** The `status` of a heartbeat. */
  heartbeat: 'ok' | 'partial' | 'outage' | 'error'
  /** The words of the exit code in help, manual and README. */
  means: string
}

/** Lists the outcomes, the worst first. */
export const outcomes = {
  usage: {
    exit: 2,
    heartbeat: 'error',
    means: 'settings or usage wrong',
  },
  cursor: {
    exit: 5,
    heartbeat: 'error',
    means: "cursor cannot be read or written, or is another bucket's",
  },
  hostGone: {
    exit: 6,
    heartbeat: 'error',
    means:
      'the host closed stdout early, or stood still to the end of the cycle',
  },
  access: {
    exit: 3,
    heartbeat: 'outage',
    means: 'access refused: credentials, bucket, permission, KMS, proxy',
  },
  network: {
    exit: 4,
    heartbeat: 'outage',
    means: 'S3 not reached, or throttled',
  },
  partial: {
    exit: 1,
    heartbeat: 'partial',
    means:
      'some folders or objects failed, settings match nothing, or a proof failed',
  },
  done: {
    exit: 0,
    heartbeat: 'ok',
    means:
      'done; also: nothing new, another cycle at work, stopped by a signal',
  },
} as const satisfies Record<string, End>

/** The outcome of a command: done, partly done, or the fault that prevented it. */
export type Outcome = keyof typeof outcomes

/** The outcome of a cycle that came to its end; the cursor keeps this name. */
export type CycleOutcome = Extract<
  Outcome,
  'done' | 'partial' | 'access' | 'network' | 'cursor'
>

/** The status in a heartbeat. */
export type HeartbeatStatus = (typeof outcomes)[Outcome]['heartbeat']

/** The meaning of each exit code; the index is the code. */
export const exitCodes: readonly string[] = Object.values(outcomes)
  .toSorted((a, b) => a.exit - b.exit)
  .map(({ means }) => means)

/** Names the outcome that counts where several apply; `done` where none does. */
export function worstOutcome(ends: Iterable<Outcome>): Outcome {
  const all = new Set(ends)
  for (const outcome of Object.keys(outcomes) as Outcome[])
    if (all.has(outcome)) return outcome
  return 'done'
}
