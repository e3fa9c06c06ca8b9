// Moves the sets of partitions whose days left the window from the cursor to
// the file of older days, and back when a day is opened again. Moved sets are
// durable there before they leave here, and may be in both: so a kill at any
// instant loses nothing.

import type { Cursor } from './cursor.ts'
import type { CursorState, Partition } from './cursor-state.ts'
import type { FingerprintSet } from './fingerprint-set.ts'

const GROUP_LENGTH = 1_048_576

/** Moves partitions, durably; the cursor's recorded entries must be flushed before. Throws CursorError. */
export async function moveToOlder(
  cursor: Cursor,
  folders: readonly Partition[],
): Promise<void> {
  let { upTo, number } = cursor.state.older
  let waiting = 0
  const write = async (): Promise<void> => {
    number = await writeOlder(await cursor.older())
    waiting = 0
  }
  for (const folder of folders) {
    for (const [day, set] of folder.sets)
      for (const f of set.encoded()) {
        const older = await cursor.older()
        const id = older.idOf(older.partition(folder.prefix, folder.day))
        older.record({ k: 'done', id, day, f })
        waiting += f.length
        if (waiting >= GROUP_LENGTH) await write()
        if (folder.day > upTo) upTo = folder.day
      }
  }
  if (waiting > 0) await write()
  cursor.record(
    { k: 'older', ...cursor.state.older, upTo, number },
    { k: 'moved', ids: folders.map(({ id }) => id) },
  )
  await cursor.flush()
}

/** Copies entries of the file of older days that are missing in a cursor which is an older copy, so that their objects are not printed again; throws CursorError. */
export async function catchUp(cursor: Cursor): Promise<void> {
  if (!cursor.isBehind) return
  const { state } = await cursor.older()
  let { upTo } = cursor.state.older
  for (const [prefix, { day: folderDay, sets }] of state.partitions) {
    if (folderDay > upTo) upTo = folderDay
    const known = cursor.state.partitions.get(prefix)
    if (known === undefined) continue
    for (const [day, set] of sets)
      if (set.size > (known.sets.get(day)?.size ?? 0))
        restoreOlder(cursor, known, day, set)
  }
  const { number } = state.older
  cursor.record({ k: 'older', ...cursor.state.older, upTo, number })
}

function restoreOlder(
  cursor: Cursor,
  folder: Partition,
  day: string,
  set: FingerprintSet,
): void {
  const id = cursor.idOf(folder)
  for (const f of set.encoded()) cursor.record({ k: 'done', id, day, f })
}

/** Opens the older days for the first listings of a partition, if they may contain it, and brings its sets back; throws CursorError. */
export async function olderFor(
  cursor: Cursor,
  folder: Partition,
): Promise<CursorState | undefined> {
  const { upTo } = cursor.state.older
  if (upTo === '' || folder.swept > 0 || folder.day > upTo) return undefined
  const { state } = await cursor.older()
  const older = state.partitions.get(folder.prefix)
  if (folder.listed > 0 || folder.day === '' || older === undefined)
    return state
  for (const [day, set] of older.sets) restoreOlder(cursor, folder, day, set)
  return state
}

/** Drops the sets of days before this one, except the kept ones, from the file of older days, if that is in use; throws CursorError. */
export async function dropFromOlder(
  cursor: Cursor,
  before: string,
  isKept: (folder: Partition) => boolean = () => false,
): Promise<void> {
  if (!cursor.usesOlder) return
  const older = await cursor.older()
  const isOld = (folder: Partition): boolean =>
    folder.day < before && !isKept(folder)
  if (![...older.state.partitions.values()].some(isOld)) return
  // The cursor must record it before any set is gone.
  if (cursor.state.older.from < before) dropSets(cursor, before, isKept)
  await cursor.flush()
  dropSets(older, before, isKept)
  const number = await writeOlder(older)
  cursor.record({ k: 'older', ...cursor.state.older, number })
  await cursor.flush()
}

/** Drops the sets of days before this one, except those of kept partitions, from one file. */
export function dropSets(
  cursor: Cursor,
  before: string,
  isKept: (folder: Partition) => boolean,
): void {
  const keep = [...cursor.state.byId.values()].filter(isKept)
  cursor.record({
    k: 'drop',
    before,
    ...(keep.length > 0 && { keep: keep.map(({ id }) => id) }),
  })
}

// The cursor learns of a write once it is durable: a file with fewer writes is
// an older copy.
async function writeOlder(older: Cursor): Promise<number> {
  const number = older.state.older.number + 1
  older.record({ k: 'older', ...older.state.older, number })
  await older.flush()
  return number
}
