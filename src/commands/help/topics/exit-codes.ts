// The topic exit-codes, except the codes themselves, which come from the table.

/** The text after the exit codes. */
export const exitCodeNotes = `  Where several apply, the first of 2, 5, 6, 3, 4, 1 is given. \`COMMAND --help\` lists those that a
  command has.

  1 is given for failures in this cycle: some folders or objects, settings that match nothing
  (no folder with logs in scope, or objects of which none passes Inclusions and Exclusions), or a
  proof. An object that was quarantined in an earlier cycle is no reason for it.

  3 and 4 are given when no LIST succeeded, and in an outage: ten or more objects were tried, and
  all were refused or not reached; or the credentials no longer hold and there are no others. No
  attempt is then counted against an object. \`replay\` gives them likewise.

  Of commands: \`retry\` ends with 1 also when a KEY is not quarantined; \`retry\` and \`skip\` when
  another cycle held the lock for MaxCycleSeconds; \`verify\` when anything is missing, altered or
  not collected, or cannot be proved; \`sample\` when there is no record to show. \`replay\` that a
  signal stops ends with 0; \`objects_left\` in its last line tells how many are missing.

  A command that prints an answer, \`sample\` too, ends quietly with 0 when its reader goes away;
  \`collect\` and \`replay\` end with 6. With a full disk all end with 6.

  \`status\` always ends with 0, except with two options, which make it a probe: with
  \`--max-lag SECONDS\` it ends with 1 when the last cycle that reached S3 ended longer ago, or an
  object that was found has waited longer; with \`--strict\` also when the newest event is older,
  or the quarantine is not empty.

  Hosts do not look at exit codes: Fluent Bit ignores them (but for its Propagate_Exit_Code),
  Vector counts them. They are for people, timers and probes; each failure is also a line on
  stderr.
`
