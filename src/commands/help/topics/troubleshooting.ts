// The topic troubleshooting: symptoms and their cures.

/** The text of the topic. */
export const troubleshooting = `  Begin with \`check --config FILE\`: it tries settings, credentials, bucket and cursor, and says
  of each what is wrong and how to mend it. Then \`status\`, which reports the last cycle and the
  waiting objects. Run both as the user that the host runs the program as.

Nothing comes

  the host runs nothing      Fluent Bit runs a command first one interval after its start; its
                             packages have no PATH entry, its official image no exec input.
                             \`status\`: "Last cycle" is old, or there is no cursor.
  exit 2                     settings or usage: the line on stderr names each setting and its line
                             in the ini.
  exit 1, \`nothing_matches\`  no folder with logs below FilePath, or Inclusions and Exclusions let
                             nothing through: \`status\` repeats the reason, \`check\` names the
                             folders that are there. Folder names are case-sensitive.
  \`startup_delay\`            the machine started a moment ago: StartupDelayInSeconds.
  \`locked\`                   another cycle is at work; \`status\` says since when. One that was
                             killed in another container is let go after 60 s.
  exit 0, no records         there is nothing new. \`sample\` prints the newest record that is
                             there; \`plan\` what a cycle would collect.
  it comes late              CloudTrail delivers within some 15 minutes, flow logs within 10.
                             \`status\` gives the lag of each folder.

Something is missing

  a quarantined object          \`status\` names it and why; mend the cause, then \`retry KEY\` or
                                \`retry --all\`.
  a whole region or account     \`check\` lists the folders; RegionFolders, ExclusionDirectories,
                                DepthToRecurse and Shard leave out others.
  older days                    a first cycle begins NoOfBackDaysData days before today;
                                \`replay --day YYYY-MM-DD\` prints an older one.
  records are lost in the host  lines longer than its limit: \`check\` names Buf_Size. After a stop
                                of Vector with a full buffer: HostQueueRecords (\`help hosts\`), and
                                \`retry --taken\`.
  in doubt                      \`verify\` proves it, by CloudTrail's own digests (\`help verify\`).

Something comes twice

  after a kill or a host's stop
      this is by design: the records between the last commit and the stop come again. Drop
      repeats by \`serialnumber\` (\`help hosts\`).
  in each cycle
      the host stops reading before a cycle ends (exit 6), or kills it: MaxCycleSeconds must be
      shorter than its interval and its timeout. Or HostQueueRecords is above 1,100 and the host's
      process cannot be seen.
  the whole window, once
      a new cursor: on a change-over run \`skip\` first.

It is refused, or not reached

  exit 3               the line says what refused: credentials (\`help credentials\`), bucket,
                       region, a permission, a KMS key, the proxy. It carries S3's request id,
                       which AWS support asks for.
  exit 4               the network, a proxy (\`help proxy\`), an endpoint (\`help endpoints\`), TLS:
                       the line names which.
  a request in detail  LogApiRequests=true adds a line a request to stderr: method, path, of a
                       LIST its prefix and where it starts, status, milliseconds, attempt, S3's
                       request id; never a header.

The cursor (exit 5)

  It is never begun anew by itself. The line says what is wrong: it belongs to another bucket or
  log type (StateFile), cannot be written (owner, disk), is a mount of its own (\`help files\`), or
  is damaged: restore it from a backup, or move it away with its .late and run \`skip\`.

It is slow, or a backlog grows

  \`status\` says whether the backlog grows. A cycle ends after MaxCycleSeconds or
  MaxCycleMegabytes: raise them, and the host's interval with them; set MaxResultCount=1000; share
  the bucket among several (\`help shards\`). \`help speed\` has figures.

What \`status\` says

  Last cycle    the last that came to its end and reached S3: one that was stopped or reached
                nothing is not in the cursor, only in its lines on stderr (and its heartbeat, if
                it reached nothing)
  Overdue       it ended longer ago than any host lets pass: 15 minutes, or three intervals of
                cycles as long as MaxCycleSeconds lets them be
  At work       the process that holds the lock and since when, or the one that left it behind
  Taken         the objects that the host may still hold in memory (HostQueueRecords)
  Backlog       the objects that the last cycle left for the next; \`grows\` stands there when each of
                three cycles left more than the one before
  Older days    those that have left the window; their objects lie in the cursor's .late
  lag           the age of a folder's newest event, which in a quiet account may be hours
  Failed, Quarantined
                twenty of each are named, and how many there are of each code and day

The answers as JSON

  check --json   \`findings\`, each with \`name\`, \`ok\`, \`level\` and \`message\`; \`verdict\`, the last
                 line of the text, and \`exit\`, the exit code
  plan --json    \`leaves\`, \`partitions\` (folders to be listed), \`objects\`, \`bytes\` (as stored),
                 \`lists\`, \`gets\`, \`cycles\`, \`retries\`, \`output_bytes\`, \`every_seconds\`,
                 \`lists_per_day\`, \`gets_per_day\`, \`dollars_per_day\`
  status --json  \`last_cycle\` (\`number\`, \`at\`, \`outcome\`, \`exit\`, and the counts of the summary),
                 \`overdue\`, \`running\` and \`stale_lock\` (\`pid\`, \`host\`, \`since\`, \`seconds\`),
                 \`nothing_matches\`, \`leaves\` (\`prefix\`, \`newest_event\`, \`lag_seconds\`,
                 \`oldest_open_day\`), \`failed\` and \`quarantined\` (\`key\`, \`code\`, \`reason\`,
                 \`attempts\`, \`records\`, \`next_cycle\`; a thousand of each, \`failed_objects\` and
                 \`quarantined_objects\` count them, \`quarantined_by_day\` tells \`code\`, \`day\`
                 and \`objects\`, with day "" for all before the last twenty days), \`late\`
                 (\`found\`, \`began\`, \`ended\`), \`waiting_since\`, \`backlog\` (\`left\` of up to three
                 cycles, \`growing\`), \`taken\`, \`verified_until\`, \`not_proved\`, \`cursor\` (\`path\`,
                 \`bytes\`, \`objects\`, \`older_bytes\`, \`older_objects\`)

stderr

  On a terminal it is text, with a live line while \`collect\` or \`replay\` runs; anywhere else one
  JSON object a line with \`time\`, \`level\`, \`event\` and \`message\`, the last one of a cycle with
  \`event\` \`summary\`. \`--quiet\` leaves warnings and errors only. A host that drops stderr (Vector)
  hides it: set LogFile.
`
