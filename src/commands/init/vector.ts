// Vector's configuration: streaming with respawn, so that no cycle is killed, and
// buffers on disk. HostQueueRecords is computed from the records that it still
// holds in memory.

import { PIPE_DISTANCE } from '../../output/stdout-kind.ts'
import type { Setting } from '../../settings/setting-kinds.ts'
import { settingsTable } from '../../settings/settings-table.ts'
import { number, wrapped } from '../../report/words.ts'
import { collectWords, type Installation } from './installation.ts'

// The records held by a source sender for each thread, and by each transform.
const PER_THREAD = 1000
const PER_TRANSFORM = 100
const TRANSFORMS = 1
const COLUMNS = 80

/** Computes the number of records that Vector may hold in memory with these threads and transforms, at most the limit of HostQueueRecords. */
export function hostQueueRecords(threads: number, transforms: number): number {
  const queues = PER_THREAD * threads + PER_TRANSFORM * transforms
  return Math.min(MOST, PIPE_DISTANCE.records + queues)
}

const rows: readonly Setting[] = settingsTable
const row = rows.find(({ name }) => name === 'HostQueueRecords')
const MOST = row?.kind === 'integer' ? row.range[1] : Infinity

/** Makes the configuration, in TOML. */
export function vector(installation: Installation): string {
  const { settings, interval, threads, ini } = installation
  const { MaxRecordBytes, MaxCycleSeconds, LogFile } = settings
  const records = hostQueueRecords(threads, TRANSFORMS)
  const present = settings.HostQueueRecords
  const about = wrapped(
    `It is ${present} there now${present < records ? ', which is too little' : ''}. The number is ${number(PIPE_DISTANCE.records)}, and ${number(PER_THREAD)} for each thread (${threads} here; one a CPU, or --threads), and ${PER_TRANSFORM} for each transform (${TRANSFORMS} below); add 200 where lines are shorter than 1 KB. After a reload that changes the source while the sink is down, run \`retry --taken\`. Run both in one pid namespace, as users that see each other, or so many records come again in each cycle.`,
    COLUMNS,
    '# ',
  )
  const words = collectWords(installation).map(word => JSON.stringify(word))
  return `# Vector with lr-s3-input. Put your sink at the end.
#
# Vector holds records in memory, also those of cycles that have ended, and loses
# them when it is stopped while its sink is down and its buffer full. So that they
# come again, this line belongs into ${ini}:
#
#   HostQueueRecords=${records}
#
${about.join('\n')}
#
# With the sink down a stop takes all of --graceful-shutdown-limit-secs (60): give
# its service or pod 90 s.

# It must exist.
data_dir = "/var/lib/vector"

[sources.aws_s3]
type = "exec"
# A cycle, a pause, the next cycle: none is killed for taking long, as it is in
# the scheduled mode.
mode = "streaming"
command = [${words.join(', ')}]
# With true the program's own lines would become events. With false Vector drops
# them: let LogFile in the ini keep a copy${LogFile === '' ? ' (it is not set there)' : ''}.
include_stderr = false
# No max_length: longer lines are dropped.
framing.method = "newline_delimited"
decoding.codec = "json"

[sources.aws_s3.streaming]
respawn_on_exit = true
# Seconds between a cycle (${MaxCycleSeconds} s at most) and the next.
respawn_interval_secs = ${interval}

# The record's own time becomes the time of the event.
[transforms.aws_s3_time]
type = "remap"
inputs = ["aws_s3"]
source = '.timestamp = parse_timestamp(.normal_msg_date, "%+") ?? now()'

# Repeats come after a crash or a stop. A dedupe transform with
# fields.match = ["serialnumber"] drops those that come soon after another; it
# keeps its cache in memory, so nothing of it is left after a restart.

# A source of this kind knows no acknowledgements: what waits must be on disk.
[sinks.siem]
type = "http"
inputs = ["aws_s3_time"]
uri = "https://siem.example.com/ingest"
encoding.codec = "json"
# More than MaxRecordBytes (${MaxRecordBytes}), or events are dropped. It is an estimate:
# bodies come out a tenth larger, so leave room below the limit of the sink.
batch.max_bytes = ${Math.max(10_000_000, 2 * MaxRecordBytes)}
buffer.type = "disk"
buffer.max_size = 5368709120
buffer.when_full = "block"
`
}
