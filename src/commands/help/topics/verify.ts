// The topic verify: the range of the proof, the states of a log, and the limits of
// the proof.

/** The text of the topic. */
export const verify = `  CloudTrail can sign, hour by hour, a list of the log files that it delivered: its digest files.
  \`verify\` compares them with the bucket and the cursor, and ends with the sentence that an auditor
  wants, or with the reasons against it. Digests are made once validation is on:

    aws cloudtrail update-trail --name NAME --enable-log-file-validation

  It takes no lock and changes nothing, so it may run at any time, beside a cycle too. It names
  each log, digest, hour and record that is wrong. \`verify --help\` tells its options,
  \`help exit-codes\` how it may end.

The range

  It looks at each day that the cursor knows, from the first on that a folder was collected, to
  the last whole hour that ended two hours ago (a digest may come that late). \`--day DAY\`, or
  \`--from\` and \`--to\` (UTC days or times; a day as the end is counted in), name less.

What it says of a log

  collected                in the cursor, by its name and present size
  skipped                  by \`skip\` or \`retry --forget\`
  pending                  newer than the last cycle, begun, or taken by the host
                           (HostQueueRecords); a fault only where the last cycle ended more than
                           two hours ago
  out of scope             by Shard, RegionFolders, ExclusionDirectories, DepthToRecurse or
                           CloudTrailFolders; no fault
  left out                 by Inclusions or Exclusions; no fault
  before the first day     of a day before the folder was first collected, and before the range;
                           no fault. Within the range such a log is not collected
  no digest names it       in the folder, though CloudTrail did not list it; a warning
  not collected            not in the cursor; a fault
  failed, quarantined      found, and not read; a fault. \`retry KEY\` queues what is quarantined
  missing from the bucket  listed, and deleted since; a fault
  altered                  with \`--hashes\`: other bytes than those that were signed, or anything
                           behind them; a fault
  not stored whole         with \`--records\`: records that the host's files lack; a fault
  no longer known          of a day that the cursor has dropped (LateArrivalDays); not provable, and
                           so a fault

Digests and signatures

  The digests are followed one by one: a digest that is missing, moved, altered or signed by no
  key of CloudTrail is named, and so is each hour that none covers, however many are missing in a
  row. A pause in validation is a warning: of that time nothing is proved. So is a trail that was
  stopped before the range, if CloudTrail's own last digest, of less than an hour, says so and
  neither the bucket nor the cursor has a log since; a folder whose digests just end is a fault.
  Where signatures are checked, a digest that none proves, its own or one that the next digest
  repeats, covers nothing and stands for no other: it can only add to what is wrong. The newest
  digest of a copy without signatures is not provable yet: the sentence ends before it. A refusal
  in one region does not affect others. A shard without folders has nothing to prove.

  Keys are asked for with \`cloudtrail:ListPublicKeys\`, or read from \`--keys FILE\`, which is what
  this prints:

    aws cloudtrail list-public-keys --start-time TIME --end-time TIME

  With neither, signatures are not checked, which is a warning and stands in the sentence.

What the host has stored

  \`--records FILE...\` goes on to the last step: NDJSON in files, gzip or not, \`-\` for stdin. Each
  log's records, 1 to its last, must all be there, in any order; records stored twice are no
  fault, and the lines of other sources are passed over. A broken line is named with its number.
  Lines need \`s3_object\` and \`s3_record\` at their top level.

--json

  It gives \`from\`, \`to\`, \`leaves\`, \`signatures\`, \`repeats\`, \`proved\` and \`sentence\`. Each leaf has
  \`account\`, \`region\`, \`trail\`, \`digests\`, \`missing_digests\`, \`gaps\`, \`logs\`, \`collected\`,
  \`pending\`, \`skipped\`, \`out_of_scope\`, the names in \`not_collected\`, \`missing\`, \`altered\`,
  \`undigested\`, \`not_stored\` and more, and \`repeats\`. Of each leaf 5,000 faulty logs, 5,000
  undigested ones and 5,000 findings are named; how many more there are is in fields such as
  \`undigested_more\`. The text names every one. The document is whole also where it was given up;
  \`proved\` is false then.

Flow logs

  Of these AWS signs no list: \`verify\` compares all objects of the bucket for these days with
  the cursor, and with \`--records\`.

VerifyMinutes

  It makes cycles do the same by themselves: at this interval one that has time left proves the
  whole hours since the last proof (at most 24; those before are named), up to the last that ended
  two hours ago, and once every open day has been listed whole since and nothing of it waits. It
  comes after the commits, ends with nine tenths of MaxCycleSeconds and on a signal, and the next
  cycle goes on where it stopped.

  Things that cannot be proved are reported once, in the cycle that ends the proof: a warning
  \`not_proved\` that names the first few things and the \`verify\` that names all, exit 1, and
  \`status\` \`partial\` in the heartbeat. Heartbeat, summary and \`status\` say up to when the
  collection is proved (\`verified_until\`) and how many things were not (\`not_proved\`).

  It costs a LIST an account and, for each folder, some three of its digests' days and one of each
  day of its logs, and the digests' GETs. Where \`cloudtrail:ListPublicKeys\` is refused, signatures
  are not checked, which is no fault. A log older than the proof that was deleted or altered since
  is a matter of \`verify\`.

What it cannot prove

  Events that the trail was not set to record, and times in which no digests were made.
`
