// The topic hosts: the configuration of the programs that run this one.

/** The text of the topic. */
export const hosts = `  A host starts the program again and again; each run is one cycle. MaxCycleSeconds (20) < timeout
  (45) < interval (60): no host has to stop a cycle. With \`--config FILE\` these print whole
  configurations, with the paths and the bucket of this installation:

    lr-s3-input init fluent-bit --config FILE
    lr-s3-input init fluent-bit-yaml --config FILE
    lr-s3-input init vector --config FILE
    lr-s3-input init systemd --config FILE
    lr-s3-input init cron --config FILE
    lr-s3-input init kubernetes --config FILE [--replicas N]
    lr-s3-input init policy --config FILE

Fluent Bit

  - Buf_Size above MaxRecordBytes (2M and 1 MiB): longer lines are thrown away, with no more than
    \`parser returned an error\`. Raise both or neither.
  - A Fluent Bit of its own. With Threaded off all of its inputs and outputs wait while a cycle
    runs. With Threaded on they do not, but lines printed after a stop or reload has begun are
    lost on the way; the program commits nothing from then on, so the next cycle brings it again,
    with some repeats; records that a threaded input holds at a stop are lost. An unthreaded one
    with storage.type filesystem loses none.
  - A disk for the sink that is down: storage.type filesystem, Retry_Limit no_limits, and a
    storage.total_limit_size for the longest outage. Beyond it the oldest is dropped. Memory
    buffers drop in silence.
  - It ignores exit codes. Failures are JSON lines on its stderr, among its own; they do not go
    into its Log_File. LogFile in the ini keeps a copy, \`status\` sums up.
  - A stop is Fluent Bit's alone, with \`KillMode=mixed\` in its unit: it waits for the cycle at work,
    and nothing comes twice. Where the program gets the signal too, it ends at once without a
    commit, and the next cycle brings some 1,400 records again. A kill costs as much, or less.
  - A stop with the sink down took 45 s: let the limits of service and pod be above that (90 s).
  - Its packages put it into /opt/fluent-bit/bin, which no PATH names. The official container
    image has no exec input and no shell: take the distribution's package.

Vector

  - Streaming with respawn: a cycle, a pause of 60 s, the next cycle. They never overlap, and none
    is killed for taking long.
  - include_stderr = false, or the program's own lines become events. Vector throws them away
    then: set LogFile in the ini.
  - No framing.newline_delimited.max_length, and batch.max_bytes above MaxRecordBytes: longer
    events are dropped. It is an estimate: bodies come out a tenth larger, so leave room below the
    limit of the sink.
  - Its data_dir, by default /var/lib/vector, must exist.
  - The unit of its package runs as the user vector, which may not read an ini that is another
    user's alone: let it run as that user, who must own the data_dir.
  - \`vector --graceful-shutdown-limit-secs 60\` (the default) is enough for a cycle to end. With
    the sink down a stop takes all of it: let the limits of service and pod be above that (90 s).
    A stop, or a reload that changes the source, in mid-cycle brings repeats of what was
    delivered.
  - It holds records in memory, also those of cycles that have ended, and loses them when it is
    stopped while its sink is down and its buffer full. So set HostQueueRecords in the ini to
    1,100 + 1,000 for each thread (one a CPU, or \`--threads\`) + what the buffers of the transforms
    hold; \`init vector\` works it out. 200 more where lines are shorter than 1 KB. So many of the
    last records stay open over cycles, and come again when another Vector takes its place, or
    once after a stop. After a reload that changes the source while the sink is down, run
    \`retry --taken\`. \`status\` tells how many are open. Where this program cannot see its host's
    process (another pid namespace, /proc mounted with hidepid), each cycle takes it for another,
    and so many records come again in each: run both in one pid namespace, as users that see each
    other.
  - The scheduled mode kills a run that is still there at the interval, and the 1,024 records in
    its queue go with it. The program commits only what is further behind than that, so they come
    again; but a sink that is slower than the logs has every cycle killed, and much comes twice.
    The cure: exec_interval_secs at least twice MaxCycleSeconds, or a smaller MaxCycleMegabytes.

      sources:
        aws_s3:
          type: exec
          mode: scheduled
          command: ["/usr/bin/node", "/opt/lr-s3-input/dist/lr-s3-input.cjs", "collect",
                    "--config", "FILE"]
          scheduled:
            exec_interval_secs: 60
          include_stderr: false
          framing:
            method: newline_delimited
          decoding:
            codec: json

Other hosts

  Anything that runs a command and takes lines of 1 MiB will do; with a smaller limit, set
  MaxRecordBytes to it. A systemd timer or cron can append to a file, for programs that follow
  files. A cycle that finds another at work leaves at once, so a timer that comes too early does no
  harm. A line that a kill has cut in such a file stays there, without its end; its record comes
  again. Telegraf's exec and Wazuh's command are no good hosts: the one drops all of a run that
  ended with a code, the other what is beyond 10,000 lines.

  Rotate such a file by renaming it, with delaycompress, as in \`init systemd\`: a cycle at work
  writes on into the renamed file, the next one opens the new one. The program that follows the file
  must read the renamed one to its end, too: 60 s longer are enough (Rotate_Wait of Fluent Bit's
  tail). copytruncate loses what is written between its copy and its cut.

OpenTelemetry collector

  It runs no commands: \`init systemd\` appends to a file, and the filelog receiver follows that.
  max_log_size must be above MaxRecordBytes, or long lines are split. Each rotated file is read to
  its end, since include takes its new name, too. With the default of on_truncate a file that was
  cut is not read until it is as long as before: one more reason for no copytruncate.

    extensions:
      file_storage:
        directory: /var/lib/otelcol
    receivers:
      filelog:
        include: [/var/log/lr-s3-input/aws-s3.ndjson*]
        exclude: [/var/log/lr-s3-input/*.gz]
        start_at: beginning
        max_log_size: 2MiB
        # Keeps the place it has read to, over a restart.
        storage: file_storage
        # Records that an exporter refuses are tried again, not dropped.
        retry_on_failure: {enabled: true, max_elapsed_time: 0}
        operators:
          - type: json_parser
            timestamp:
              parse_from: attributes.normal_msg_date
              layout: "%Y-%m-%dT%H:%M:%S.%LZ"
              location: UTC
    service:
      extensions: [file_storage]
      pipelines:
        logs: {receivers: [filelog], exporters: [YOURS]}

  The collector's user must be able to read the file: add it to the group lr-s3-input.

Cribl

  A Script Collector, which runs on a worker of your own. Its group must have no other worker:
  any of them may be given the run, and the cursor is on one machine. Cribl runs the script as its
  own user, who must be able to read the ini and to write where the cursor lies, and never stops
  it: hence timeout. This was written by Cribl's manual, and not tried.

    Discover script        echo cycle
    Collect script         exec timeout -k 5 45 COMMAND (as in \`init cron\`, without the \`>>\`)
    Cron schedule          * * * * *
    Concurrent run limit   1
    Event breaker          a rule of type Regex that breaks at [\\n\\r]+
    Max event bytes        2097152: above MaxRecordBytes; with the default of 51200 records are cut
    Timestamp anchor       "normal_msg_date":"
    Timestamp format       %Y-%m-%dT%H:%M:%S.%LZ

Kubernetes

  A StatefulSet, not a Deployment: one pod a shard, each with a volume that outlives it
  (\`help shards\`). The folder of the ini is read-only there, so cursor, lock and spool lie on the
  volume. A pod that was killed leaves its lock behind: the cycles of the first minute say
  \`locked\` and do nothing.

Routing

  Each log type has an ini of its own, so give each a tag of its own: a second input with another
  tag and the other ini (in Vector: a second source). Where both arrive under one tag,
  \`device_type\` tells them apart: AWSCloudTrail, AWSVPCFlowLogs, and lr-s3-input for heartbeats. In
  one Fluent Bit unthreaded inputs run one after the other.

    # Fluent Bit. The emitter takes twice MaxCycleMegabytes: with less, by default 10M, it drops
    # the rest of a cycle without a word. A heartbeat keeps the tag it has.
    [FILTER]
        Name                  rewrite_tag
        Match                 aws.s3
        Rule                  $device_type ^AWSCloudTrail$  aws.cloudtrail false
        Rule                  $device_type ^AWSVPCFlowLogs$ aws.flow       false
        Emitter_Mem_Buf_Limit 300M
        Emitter_Storage.type  filesystem

    # Vector. A heartbeat comes out as aws_s3_by_type._unmatched.
    [transforms.aws_s3_by_type]
    type = "route"
    inputs = ["aws_s3_time"]
    route.cloudtrail = '.device_type == "AWSCloudTrail"'
    route.flow = '.device_type == "AWSVPCFlowLogs"'

The raw event alone

  \`original_message\` is the event as AWS wrote it: an element of Records, a line of a flow log.
  One that did not fit into MaxRecordBytes says \`truncated\`. To send nothing else:

    Fluent Bit, by output: kafka    Format raw, Raw_Log_Key original_message
                           splunk   Event_Key $original_message
                           syslog   Syslog_Message_Key original_message
                           s3       Log_Key original_message
                           file     Format template, Template {original_message}
    Vector: a transform of type remap with source = '.message = del(.original_message)', and
    encoding.codec = "text" in the sink
    OpenTelemetry, after the json_parser:
      - {type: move, from: attributes.original_message, to: body}
    a file: jq -r .original_message aws-s3.ndjson

De-duplication

  After a crash, a kill or a host's stop some records come twice. Every record has a
  \`serialnumber\` that names it for good: the event's own id where it has one, which also finds
  what two trails or a copied bucket hold twice, else one made of \`s3_object\` and \`s3_record\`.
  \`replay\` prints the same records, field by field, if the settings are the same: by it,
  drop those that are stored already, or remove the day first.

  In Elasticsearch or OpenSearch, for good: the document id, so that a repeat overwrites itself.
  By default Write_Operation is create: a chunk of nothing but repeats is then refused, and tried
  again for ever. Generate_ID is ignored beside Id_Key.

    [OUTPUT]
        Name                     es
        Match                    aws.s3
        Host                     elasticsearch.example.com
        Index                    aws-s3
        Suppress_Type_Name       On
        Id_Key                   serialnumber
        Write_Operation          index
        Retry_Limit              no_limits
        storage.total_limit_size 5G

  In Vector, for repeats that come soon after another: its cache is in memory, and empty after a
  restart.

    [transforms.aws_s3_once]
    type = "dedupe"
    inputs = ["aws_s3_time"]
    fields.match = ["serialnumber"]
    cache.num_events = 100000

  In a database; and in a file, since the same record is the same line:

    CREATE UNIQUE INDEX aws_s3_once ON aws_s3 (serialnumber);
    INSERT INTO aws_s3 SELECT * FROM incoming ON CONFLICT DO NOTHING;

    awk '!seen[$0]++' aws-s3.ndjson
`
