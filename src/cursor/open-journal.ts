// Opens the file of a cursor: reads and checks its content and, before it is
// written to, cuts off the remains of a crash at its end.

import * as nodeFs from 'node:fs/promises'
import { cursorError } from './cursor-error.ts'
import { expectNoMount, removeLeftover } from './expect-usable.ts'
import { Journal, type JournalOptions } from './journal.ts'
import { readJournal, type JournalContent } from './read-journal.ts'
import { realPath } from '../files/real-path.ts'
import type { FileSystem } from '../files/replace-file.ts'

/** Opens a journal, or begins one that its first write creates; throws CursorError when the file or its folder cannot be used. */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const fs = options.fs ?? nodeFs
  let path = options.path
  try {
    path = await realPath(path, fs)
  } catch (error) {
    throw cursorError('CURSOR_UNREADABLE', 'opening the cursor', path, error)
  }
  const read = await readJournal(fs, path, options.header)
  if (!options.readOnly) await prepare(fs, path, read)
  return new Journal(path, options, fs, read)
}

async function prepare(
  fs: FileSystem,
  path: string,
  read: JournalContent | undefined,
): Promise<void> {
  try {
    await removeLeftover(fs, path)
    if (read === undefined) return
    await expectNoMount(path, fs)
    const handle = await fs.open(path, 'r+')
    try {
      if (!read.foreign && read.content.length > read.end)
        await handle.truncate(read.end)
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw cursorError('CURSOR_UNWRITABLE', 'opening the cursor', path, error)
  }
}
