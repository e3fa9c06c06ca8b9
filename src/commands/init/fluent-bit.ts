// Fluent Bit's configuration in both of its forms: unthreaded and with buffers on
// disk, so that records survive a stop or an outage of its output.

import { join } from 'node:path'
import { bufSize, KILL_SECONDS } from '../host-numbers.ts'
import { collectWords, shellWords, type Installation } from './installation.ts'

const TAG = 'aws.s3'

function commandOf(installation: Installation): string {
  const words = shellWords(collectWords(installation))
  return `exec timeout -k ${KILL_SECONDS} ${installation.timeout} ${words}`
}

const storageOf = ({ stateFolder }: Installation): string =>
  join(stateFolder, 'storage')

/** Makes the configuration in its classic form. */
export function fluentBit(installation: Installation): string {
  const { settings, interval } = installation
  const { MaxCycleSeconds, MaxRecordBytes } = settings
  const command = commandOf(installation)
  const storage = storageOf(installation)
  return `# Fluent Bit with lr-s3-input, as \`init fluent-bit\` prints it. Look at the paths,
# and put your output at the end. Fluent Bit reads parsers from a file of their
# own, so this one, saved as plugin.conf.example, becomes two:
#
#   sed '/^\\[PARSER\\]/,$d' plugin.conf.example >lr-s3-input.conf
#   sed -n '/^\\[PARSER\\]/,$p' plugin.conf.example >lr-s3-input-parsers.conf
#   fluent-bit -c lr-s3-input.conf
#
# Its packages put fluent-bit into /opt/fluent-bit/bin, which no PATH names.
# Let it be a Fluent Bit of its own: all of it waits while the program runs.

[SERVICE]
    # Seconds between writes to the output.
    Flush                     1
    # Seconds for the last records to be sent when Fluent Bit stops. With the
    # output down a stop takes some more: give its service or pod 90 s.
    Grace                     30
    # The second file, beside the first. A parser that is not found is only an
    # error line: lines would go out as texts, without their times.
    Parsers_File              lr-s3-input-parsers.conf
    # Records wait here when the output is slow or down, and survive a kill.
    storage.path              ${storage}
    # Chunks are written by the system in its own time; full: at once, slower.
    storage.sync              normal
    # So much of what waited on disk is held in memory at a start.
    storage.backlog.mem_limit 50M

[INPUT]
    Name         exec
    # What outputs and filters match; one input, ini and tag for each log type.
    Tag          ${TAG}
    # exec: no shell stays in between. timeout: Fluent Bit has none of its own;
    # it must lie between MaxCycleSeconds (${MaxCycleSeconds}) and Interval_Sec.
    Command      ${command}
    # The stock json parser looks for the time elsewhere and in another form.
    Parser       lr_s3_input
    # Longer than any run: Fluent Bit can neither stop nor reload under one
    # that is longer than its interval. The first run is one interval from now.
    Interval_Sec ${interval}
    # More than MaxRecordBytes (${MaxRecordBytes}): lines that are longer are lost, with
    # the default of 4096 nearly all. K and M are decimal; no MiB.
    Buf_Size     ${bufSize(MaxRecordBytes)}
    # Unthreaded, nothing is lost when Fluent Bit stops or reloads.
    Threaded     off
    # With memory buffers records are dropped when the output is slow. Add no
    # Mem_Buf_Limit and no storage.pause_on_chunks_overlimit: they drop too.
    storage.type filesystem

[OUTPUT]
    Name                     stdout
    Match                    ${TAG}
    Format                   json_lines
    # For Elasticsearch or OpenSearch let Name be es, and add Id_Key serialnumber
    # with Write_Operation index: a repeat then overwrites itself. By default it
    # is create, and a chunk of nothing but repeats is tried again for ever.
    # By default a chunk is dropped after one retry.
    Retry_Limit              no_limits
    # What may wait on disk for this output; beyond it the oldest is dropped.
    storage.total_limit_size 5G

[PARSER]
    # The name that Parser gives above.
    Name        lr_s3_input
    Format      json
    # The record's own time becomes the time of the event.
    Time_Key    normal_msg_date
    # The one form in which it is written; always UTC.
    Time_Format %Y-%m-%dT%H:%M:%S.%LZ
    # The time stays in the record for outputs that ignore the event's own.
    Time_Keep   On
`
}

/** Makes the configuration in YAML. */
export function fluentBitYaml(installation: Installation): string {
  const { settings, interval } = installation
  const { MaxCycleSeconds, MaxRecordBytes } = settings
  return `# Fluent Bit (3.2 or newer) with lr-s3-input; the name of this file must end in
# .yaml. Look at the paths, and put your output at the end.
# Its packages put fluent-bit into /opt/fluent-bit/bin, which no PATH names.
# Let it be a Fluent Bit of its own: all of it waits while the program runs.
service:
  flush: 1
  # With the output down a stop takes some seconds more than these: give its
  # service or pod 90 s.
  grace: 30
  # Records wait here when the output is slow or down, and survive a kill.
  storage.path: ${quoted(storageOf(installation))}
  storage.sync: normal
  storage.backlog.mem_limit: 50M
parsers:
  - name: lr_s3_input
    format: json
    # The record's own time becomes the time of the event.
    time_key: normal_msg_date
    time_format: "%Y-%m-%dT%H:%M:%S.%LZ"
    time_keep: true
pipeline:
  inputs:
    - name: exec
      tag: ${TAG}
      # timeout must lie between MaxCycleSeconds (${MaxCycleSeconds}) and interval_sec.
      command: ${quoted(commandOf(installation))}
      parser: lr_s3_input
      # Longer than any run; the first one comes after one interval.
      interval_sec: ${interval}
      # More than MaxRecordBytes (${MaxRecordBytes}): lines that are longer are lost.
      buf_size: ${bufSize(MaxRecordBytes)}
      # Unthreaded, nothing is lost when Fluent Bit stops or reloads.
      threaded: false
      # Memory buffers drop records when the output is slow, and so do
      # mem_buf_limit and storage.pause_on_chunks_overlimit.
      storage.type: filesystem
  outputs:
    # For Elasticsearch or OpenSearch: name es, id_key serialnumber and
    # write_operation index. By default it is create, and a chunk of nothing but
    # repeats is tried again for ever.
    - name: stdout
      match: ${TAG}
      format: json_lines
      # By default a chunk is dropped after one retry.
      retry_limit: no_limits
      # What may wait on disk for this output; beyond it the oldest is dropped.
      storage.total_limit_size: 5G
`
}

// A JSON string is valid YAML and keeps any path on one line.
const quoted = (text: string): string =>
  /^[\w/][\w @%+=,./-]*$/.test(text) ? text : JSON.stringify(text)
