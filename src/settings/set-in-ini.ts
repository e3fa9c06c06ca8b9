// Puts a value into an ini's bytes and keeps every other byte: comments, order,
// line ends, byte order mark, encoding, and even invalid bytes. Lines are counted
// as in readIni. The old file stays whole until the changed one replaces it.
import * as fs from 'node:fs/promises'
import { errorReason } from '../files/error-code.ts'
import { realPath } from '../files/real-path.ts'
import {
  removeTemporary,
  replaceFile,
  writeAll,
} from '../files/replace-file.ts'
import { encodingOf, readIni } from './parse-ini.ts'
import type { Setting } from './setting-kinds.ts'
import { SettingsError } from './settings-error.ts'
import { settingsTable } from './settings-table.ts'

/** Holds the changed ini and the lines concerned. */
export interface ChangedIni {
  bytes: Buffer
  line: number
  /** True if the ini did not have the setting before. */
  isNew: boolean
  /** Earlier lines that set the same setting without effect. */
  idle: number[]
}

const rows: readonly Setting[] = settingsTable

/** Sets a setting to an ASCII value: in the last line that sets it, else beside its neighbours. */
export function setInIni(
  bytes: Buffer,
  name: string,
  value: string,
): ChangedIni {
  const places = placesOf(bytes, name)
  const line = places.at(-1)
  const text = asText(bytes)
  // Lines and line ends alternate.
  const parts = text.body.split(/(\r\n|\r|\n)/)
  if (line !== undefined) {
    const at = 2 * (line - 1)
    const [start = ''] = /^[^=]*=[ \t]*/.exec(parts[at] ?? '') ?? []
    parts[at] = start + value
    const changed = text.bytesOf(parts.join(''))
    return { bytes: changed, line, isNew: false, idle: places.slice(0, -1) }
  }
  const before = neighbour(bytes, name) ?? lastLine(parts)
  // Repeats the line end in that place: with another one '\r' and '\n' could join.
  const end = parts[2 * before - 1] ?? parts[1] ?? '\n'
  if (before === 0) parts.unshift(`${name}=${value}`, end)
  else parts.splice(2 * before - 1, 0, end, `${name}=${value}`)
  const changed = text.bytesOf(parts.join(''))
  return { bytes: changed, line: before + 1, isNew: true, idle: [] }
}

// Mode, owner and group stay, or nothing is changed: readers of the ini must keep
// their access. Of a link, the target file is replaced.
/** Replaces an ini's bytes; if it throws SettingsError, the ini is unchanged. */
export async function replaceIni(path: string, bytes: Buffer): Promise<void> {
  try {
    const file = await realPath(path)
    const { mode, uid, gid } = await fs.stat(file)
    await removeTemporary(fs, file)
    await replaceFile(fs, file, async handle => {
      const made = await handle.stat()
      if (made.uid !== uid || made.gid !== gid) await handle.chown(uid, gid)
      await writeAll(handle, bytes, 0)
      await handle.chmod(mode & 0o777)
    })
  } catch (error) {
    const message = `writing ${path}: ${errorReason(error)}; the file is unchanged: run this as the file's owner, in a folder that can be written, or leave out --set and paste the text`
    throw new SettingsError(path, [{ setting: '', message }])
  }
}

function placesOf(bytes: Buffer, name: string): number[] {
  return readIni(bytes)
    .filter(entry => entry.value !== undefined)
    .filter(entry => entry.name.toLowerCase() === name.toLowerCase())
    .map(({ line }) => line)
}

// The line of the setting nearest before it in the table, else after it, among
// those of its section in the ini.
function neighbour(bytes: Buffer, name: string): number | undefined {
  const at = rows.findIndex(row => row.name === name)
  const isNear = (row: Setting): boolean => row.section === rows[at]?.section
  const before = rows.slice(0, at).filter(isNear).toReversed()
  const after = rows.slice(at + 1).filter(isNear)
  for (const row of [...before, ...after]) {
    const line = placesOf(bytes, row.name).at(-1)
    if (line !== undefined) return line
  }
  return undefined
}

// A line end at the end of the file does not begin another line.
function lastLine(parts: readonly string[]): number {
  const lines = (parts.length + 1) / 2
  return parts.at(-1) === '' ? lines - 1 : lines
}

// One character stands for each byte of UTF-8 or each unit of UTF-16, so that
// invalid bytes are kept too.
function asText(bytes: Buffer) {
  const encoding = encodingOf(bytes)
  if (encoding === 'utf-8')
    return {
      body: bytes.toString('latin1'),
      bytesOf: (text: string) => Buffer.from(text, 'latin1'),
    }
  const whole = bytes.length - (bytes.length % 2)
  const rest = bytes.subarray(whole)
  const swap = (units: Buffer): Buffer =>
    encoding === 'utf-16be' ? units.swap16() : units
  return {
    body: swap(Buffer.from(bytes.subarray(0, whole))).toString('utf16le'),
    bytesOf: (text: string) =>
      Buffer.concat([swap(Buffer.from(text, 'utf16le')), rest]),
  }
}
