// The topic settings, except the settings themselves, which come from the table.

/** The text before the settings. */
export const settingsIntro = `  They are read from LogRhythm's awsS3CloudTrail.ini, or one that \`init\` prints. Names are matched
  in any case; section names do not matter. Values are taken literally: no quoting, and \`;\` or \`#\`
  start a comment only at the start of a line. CHANGE_THIS counts as blank. All problems are
  reported at once, each with its line; an unknown name is a warning with the nearest known one.
  \`check\` names all faults.
`

/** The text after the settings. */
export const settingsNotes = `In the environment

  LR_S3_INPUT_KEY
      the key of \`encrypt\`, 32 bytes as base64; it goes before KeyFile (\`help credentials\`)
  LR_S3_INPUT_SHARD
      the shard; it goes before Shard (\`help shards\`)
  AWS_..., HTTPS_PROXY and similar ones
      as \`help credentials\`, \`help endpoints\` and \`help proxy\` say

Notes

  At most two batches of 64 KiB wait for stdout, and the line that fills them, so the bound of
  MaxQueueCount is never reached.

  Two settings that name one file are an error. Where the files lie: \`help files\`.
`
