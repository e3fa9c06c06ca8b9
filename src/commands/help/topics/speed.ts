// The topic speed: measured figures, and the settings that make it faster or cheaper.

/** The text of the topic. */
export const speed = `  One process, one thread: the hosts take 40 to 130 MB/s at best, so the CPU for each record
  matters. Measured on two cores of a server, source bytes by wall time:

  CloudTrail, objects of 1,000 records
      some 42,000 records/s, 49 MB/s
  CloudTrail, objects of 10 records
      some 15,700 records/s
  flow logs in text
      some 350,000 records/s, 40 MB/s
  an idle cycle over 20 folders
      0.1 s, 20 LIST
  an idle cycle over 850 folders
      0.6 s, 850 LIST

  Memory stays under 150 MiB, whatever the size of an object, of the bucket or of the backlog. A
  million objects in the cursor cost 11 MB on disk and 20 MiB of memory.

What makes it faster, or cheaper

  MaxResultCount=1000
      a full page of S3 a LIST, in place of LogRhythm's 100: the fewest requests. Every folder is
      listed whole at each sweep, and folders without dates at each search for leaves too
  SweepMinutes
      an idle cycle costs one LIST a folder; a sweep lists the window's days whole. A longer pause
      costs less, but finds objects that arrive out of order later
  DiscoveryMinutes
      how often new accounts and regions are looked for
  LateArrivalDays
      so many days are listed once a day, for every folder
  OriginalMessage=false
      a tenth of the CPU, and more than half of the output; the source text is no longer in the
      records
  MaxCycleSeconds, MaxCycleMegabytes
      how much of a backlog one cycle takes; the interval of the host must be longer
  Shard
      several collectors, each with a part of the folders (\`help shards\`)

  \`plan\` says what the next cycle would collect, unless more arrives or its limits end it first,
  and what a day costs. The output is estimated from the last cycle that left nothing behind, at
  first as 20 bytes for each stored one. A day's requests are means over the window's days, for
  a cycle every \`--every\` seconds: one LIST a folder and cycle, the sweeps, the search for
  folders, the daily look at older days, and a GET for each object. The summary on stderr counts
  LIST, GET and bytes of each cycle. S3 is asked for no more than it takes: when it
  says SlowDown, fewer requests are made at once.
`
