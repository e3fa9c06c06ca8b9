// The ways in which a command or a cycle ends, in one table: the exit code,
// what the heartbeat calls it, and what the help says of the code. The order of
// the rows decides which of several counts; an exit code is documented, so
// neither a code nor the order may change.

interface End {
  exit: number
  /** The `status` of a heartbeat. */
  heartbeat: 'ok' | 'partial' | 'outage' | 'error'
  /** The words of the exit code in help, manual and README. */
  means: string
}

/** Lists the outcomes, the gravest first. */
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

/** Names how a command ended: done, done in part, or what kept it from that. */
export type Outcome = keyof typeof outcomes

/** Names how a cycle that came to its end ended; the cursor keeps it by this name. */
export type CycleOutcome = Extract<
  Outcome,
  'done' | 'partial' | 'access' | 'network' | 'cursor'
>

/** Names the status of a heartbeat. */
export type HeartbeatStatus = (typeof outcomes)[Outcome]['heartbeat']

/** Says what each exit code means; the code is the place in the list. */
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
