// A cursor's file as version 1 of its format had it, or as a program leaves it
// that had no room to make it one of version 2: its header alone is then old.

import { existsSync, rmSync } from 'node:fs'
import { openJournal } from '../../../src/cursor/open-journal.ts'

const HEADER = {
  format: 'lr-s3-input cursor',
  bucket: 'logs',
  log_type: 'CloudTrail',
}
const NEW_KINDS = new Set([
  'taken',
  'untaken',
  'host',
  'clock',
  'silence',
  'shelved',
  'unshelved',
  'shelf',
])
const NEW_MEMBERS: { readonly [kind: string]: readonly string[] } = {
  leaf: ['missed', 'before'],
  listing: ['token', 'disordered', 'restarts'],
  lookBack: ['complete'],
  older: ['number'],
  partial: ['bytes', 'form', 'header', 'cut', 'share'],
  failed: ['bytes', 'form', 'header', 'counted', 'tries'],
}

/** Turns the file of a cursor that is closed into one of version 1, of the entries that this had or of those that were appended since. */
export async function toVersion1(
  path: string,
  entriesToo: boolean,
): Promise<void> {
  if (!existsSync(path)) return
  const reader = await openJournal({
    path,
    header: { ...HEADER, version: 2 },
    readOnly: true,
  })
  const entries = [...reader.entries()] as Record<string, unknown>[]
  await reader.close()
  rmSync(path)
  const writer = await openJournal({ path, header: { ...HEADER, version: 1 } })
  await writer.append(entriesToo ? entries.flatMap(stripped) : entries)
  await writer.close()
}

function stripped(entry: Record<string, unknown>): object[] {
  const kind = String(entry['k'])
  if (NEW_KINDS.has(kind)) return []
  const gone = new Set(NEW_MEMBERS[kind])
  const kept = Object.entries(entry).filter(([name]) => !gone.has(name))
  return [Object.fromEntries(kept)]
}
