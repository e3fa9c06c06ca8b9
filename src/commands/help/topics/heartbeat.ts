// The topic heartbeat, except its fields, which come from the table.

/** The text before the fields. */
export const heartbeatIntro = `  With EmitHeartbeat=true the output of each cycle ends with one more record, which tells of the
  cycle itself, also if it found nothing, failed in part (exit 1), was refused or did not reach S3
  (exit 3, 4), or lost its cursor on the way (exit 5). So a SIEM can alarm

  - when \`status\` is not \`ok\`,
  - when \`lag_seconds\` or \`objects_left\` grows,
  - and when no heartbeat has come for some intervals: then the host does not run, or the process
    could not begin (settings, cursor), stood still, or was stopped each time.

  A cycle that found another at work, one within StartupDelayInSeconds, and one that a signal or
  the host ended print none. Off by default: an idle cycle prints nothing at all.
`

/** The text after the fields. */
export const heartbeatNotes = `  It is printed after the commits, as the last line, so its counts are those of the summary on
  stderr; no commit waits for it, and it is not among the records that it, the summary and
  MaxCycleMegabytes count. \`s3_object\` with \`s3_record\`, and \`serialnumber\`, are different in each
  heartbeat: de-duplication leaves them alone. Route them by \`device_type\`. While S3 does not
  answer, the time is this machine's, corrected by what it was off in the last cycle.

  Without a heartbeat, a probe can run \`status --max-lag SECONDS\` (\`help exit-codes\`).
`
