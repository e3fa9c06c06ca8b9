// The topic faults: the effect of each fault, row by row.

/** The text of the topic. */
export const faults = `  What happens when...

What is committed, and when

  An object counts as collected only when the host has read it: a pipe holds up to 1 MiB unread
  and Vector a queue of 1,024 records, so that much must have been accepted after it. The last
  line of a cycle is held back half a second and written if the host is still there. Large objects
  are committed in steps. After a signal, or when the host closed stdout, nothing more is
  committed. Records beyond HostQueueRecords that a host loses after it has read them do not come
  again (\`help hosts\`).

  stdout carries whole lines only, each at most MaxRecordBytes with its line end.

The process and its machine

  the process is killed
      The next cycle takes the lock and goes on from the last commit; at most some MiB come again,
      a large object from where it was.
  the power fails
      The same. Half a line at the cursor's end is cut off, with a warning \`cursor_torn\`;
      half-written bodies in the spool are fetched anew.
  the cursor's disk is full
      Exit 5 before a line is printed: 64 KiB are set aside for the commits first. The cursor is
      as it was before; where a cycle commits more, records printed since the last commit come
      again.
  there is no room for a large body
      An error line and exit 1; the object waits, and no attempt is counted.
  SIGTERM, SIGINT or SIGHUP comes
      It ends within 2 s after a whole line, exit 0; lines that the host had not read come again.
  this machine's clock is wrong
      Days and ages go by S3's clock. Where S3 refuses a request for its time, it is signed again
      by S3's clock.
  two cycles start at once
      One works; the other prints nothing, exit 0.

The host and stdout

  the host closes stdout
      Exit 6, nothing more is committed; lines that the host had not read come again.
  stdout is no pipe
      A UNIX socket counts as a pipe that holds 8 MiB unread. Output to a file or a terminal is
      committed, to a file once it is on the disk; a file that ends inside a line gets a line end
      first. A terminal is asked first. Closed, /dev/null or a TCP socket: exit 2.
  a write to stdout fails, the disk is full
      Exit 6 with the reason; unwritten lines come again.
  the host is slow
      Fetching and decoding wait for it. The cycle ends in time and commits the records read; a host
      that stands still to the end of the cycle, or takes less than some 200 KiB in it: exit 6.

S3 and the network

  S3 is not reached
      Exit 4, nothing is counted against any object; the days stay open, however long it lasts.
  the proxy refuses the login
      Exit 3 after one try; the error names the proxy and what to check.
  the proxy is not reached, or cannot reach S3
      As if S3 were not reached; the error names the proxy.
  a request fails
      It is tried up to five times with growing pauses; a body that breaks off goes on from where
      it broke. A page of a listing that fails is never taken for an empty one, and a folder that
      cannot be listed does not stop the others.
  S3 throttles
      Fewer requests at once, with pauses. Work not done in time waits for the next cycle; exit
      4 if nothing was answered.
  everything is refused
      Exit 3 and one line that says what to check: credentials, bucket, region, policy, key.
  one folder is refused
      It is named, the others are collected, exit 1.

What is in the bucket

  the settings match nothing: no folder with logs in scope, or no object that Inclusions and
  Exclusions let through
      Exit 1 until something matches, with the reason in the heartbeat and in \`status\`. Quiet
      accounts and shards without a folder are no such case.
  one object is refused, truncated, corrupt or no log
      The others are collected, the object is named, exit 1. Its whole records are emitted once;
      it is tried again after 1, 2, 4, ... cycles, as it is then, and quarantined after
      MaxObjectAttempts. An object that is no log at all (an archive, another compression
      than gzip, gzip or Parquet inside gzip, binary data, UTF-16, HTML, CSV, JSON and other text
      among flow logs) is named by its form, and gives no records; where such data follows the
      rows of a flow log, the rows before it are emitted. Rows without their header line are read in
      the default format of 14 fields alone.
  an object is quarantined
      \`status\` names it, \`retry\` queues it again. One that was quarantined because it was refused
      or not reached is tried again once a day, a thousand of them at a time, and at once the next
      thousand when one was read. Any number may be quarantined: beyond a thousand each costs the
      cursor twelve bytes, and its key a line in the cursor's .quarantine.
  an object does not answer, or too slowly
      The part received is kept and continued in the next cycle. If nothing comes, it gives its
      place to others, counts as failed, and is quarantined in the end.
  an object is made to do harm
      Nested deeper than 512, a record of over 16 MiB, or more than 200 times its size once over 1
      GiB: it fails like a corrupt one. Memory and time stay bounded, and a key or value can hold
      any character: lines stay whole, and a terminal is sent none of its control characters.
  an object lies in an archive class
      The same. Restore it, then \`retry\` it.
  an object is changed after it was listed
      It is read as it is at the next try, from its first record.
  an object is deleted after it was listed
      It fails, and is quarantined after its attempts.
  an object arrives late in the window
      The next sweep finds it, whatever its name (SweepMinutes).
  an object arrives in an older day
      It is emitted within a day, once, and counted as \`objects_late\` (LateArrivalDays).
  an object is huge
      Over 8 MiB it goes to disk first, over several cycles if need be, and is committed in steps.
      Memory stays flat.
  there is a backlog
      Oldest first, a cycle's worth each cycle (MaxCycleSeconds, MaxCycleMegabytes); days stay
      open until they are done.

The cursor

  it is damaged or emptied
      Exit 5, and it is left as it is. Restore it from a backup: objects collected since then
      come again. Or move it away with its .late and run \`skip\` to begin from now.
  it is of a newer version
      Exit 5. Run the newer program that wrote it.
  it is of another bucket or log type
      Exit 5. Give each its own StateFile, or move the cursor away if its former bucket is not
      wanted any more. One that never met a folder with logs is taken over, with a warning.
`
