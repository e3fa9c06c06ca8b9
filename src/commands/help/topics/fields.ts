// The topic fields, except the fields themselves, which come from the tables.

/** The text before the fields. */
export const fieldsIntro = `  One flat JSON object a line. Absent, null, blank and \`-\` values are left out. \`sip\` and \`dip\`
  hold addresses or are absent. Each field is given as

    name: type, mark, example
        where its value comes from; the first that holds something

  Marks: P as LogRhythm publishes it, P* the same with an evident slip repaired, C chosen here by
  the meaning of the field; \`(→ C)\`: the last source of the chain was chosen here. The fields of a
  heartbeat: \`help heartbeat\`.
`

/** The text after the fields. */
export const fieldsNotes = `  Columns of a flow log without a row stay in \`original_message\`.

Parquet

  Flow logs in Parquet (the ending .log.parquet) are read page by page, by the columns that each
  file names, and give the lines that the same rows in text would. \`original_message\` is rebuilt
  for them: the row as a text flow log shows it, in the order of the file's columns, one space
  between two values, \`-\` for a missing one (null, an empty text, and NaN, which pandas writes), a
  space inside a value as %20 (tab, LF and CR likewise), times as Unix seconds, decimals without
  zeros at their end. Nested and repeated columns are left out, with a warning. A file of which
  less than a third of the columns are AWS's is no flow log.

  It reads pages of both versions, not compressed or in Snappy, gzip, Brotli, LZ4 and, where Node
  can do it (22.15 or newer), ZSTD, in all encodings that pyarrow, DuckDB and Spark write. A file
  that contradicts itself is quarantined alone, as are encrypted columns, LZO, and pages that
  would need more than 64 MiB of memory for all columns together: pages in gzip, or not
  compressed, may be of any size, others should have the usual MiB. Gzip around Parquet (.gz) is
  no form of AWS's, and fails.

Session tokens

  AWS writes the session tokens that AssumeRole, GetFederationToken, GetSessionToken and the like
  hand out into CloudTrail in clear. They are short-lived, but a reader of the log could use one
  with its secret key. With RedactSessionTokens=true the value of each member named
  \`sessionToken\`, in whatever case, anywhere within \`responseElements\` or \`serviceEventDetails\`,
  null excepted, is "REDACTED" in all that is printed, also by \`replay\` and \`sample\`. Nothing else
  of the record changes, but \`original_message\` then is not the exact source. In a record that is
  no valid JSON, all that follows the name \`sessionToken\` is removed. The objects in the bucket
  keep the tokens.
`
