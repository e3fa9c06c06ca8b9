// The topic files: the files beside the ini and the program.

/** The text of the topic. */
export const files = `  Files beside the ini, readable by their owner alone (relative paths in the ini are relative to
  the ini):

  FILE.key                the key of \`encrypt\` (KeyFile); texts encrypted with it cannot be
                          read without it
  FILE.cursor             the collected objects (StateFile, option \`--state\`); it belongs to one
                          bucket and one log type and is refused for any other
  FILE.cursor.lock        the process at work on the cursor
  FILE.cursor.late        the collected objects of days that have left the window; it belongs to
                          the cursor, so back up or move both
  FILE.cursor.quarantine  the quarantined objects beyond the first thousand; it belongs to the
                          cursor, too
  FILE.cursor.spool/      bodies that are large or were cut off by time, until they are collected;
                          may be removed at any time
  FILE.cursor.rewriting   a cursor that is being written anew; one left by a kill is removed by
                          the next cycle

  The cursor holds at most 12 bytes an object. A lock whose holder was killed is taken over at
  once; one held on another machine or in another container when it was not renewed for 60 s. Made
  by root, files belong to the owner of the folder they lie in; a folder that others than its
  owner and root may write to is refused with exit code 5.

  Mount the folder of these files into a container, never the cursor alone (\`docker -v FILE:FILE\`,
  a \`subPath\`): a file that is a mount of its own cannot be replaced, its lock and its other files
  would be lost with the container, and so it is refused with exit code 5.

  LogFile gets a copy of each line on stderr that is written once the settings were read, as JSON,
  whole lines appended, readable by its owner alone from the start; \`--quiet\` holds for it too.
  It is opened anew for each line, so logrotate may rename it or cut it (copytruncate) at any
  time, and needs no signal; a new one is made where none is. One that cannot be written is a
  warning, and the cycle goes on; one that leads to a pipe or a device is refused with exit
  code 2, since writing to it could wait for ever.

    /var/lib/lr-s3-input/lr-s3-input.log {
        su lr-s3-input lr-s3-input
        weekly
        rotate 8
        compress
        missingok
        notifempty
    }

  A file to which a timer or cron appends the records is rotated by renaming it: \`help hosts\`.

  Beside the program itself the first cycle leaves lr-s3-input.cjs.cache, the program as Node has
  compiled it, which makes each start after it shorter, and lr-s3-input.cjs.aws-sdk.cache where
  the AWS SDK is needed. They are used only if they belong to root, to the user or to the
  program's owner, no other user may write them, and they were made of this very program by this
  very Node; where the folder cannot be written there are none. They may be removed at any time.

  \`replay\` and \`sample\` keep bodies over 8 MiB in a folder of their own in TMPDIR while they read
  them; it is removed at the end.
`
