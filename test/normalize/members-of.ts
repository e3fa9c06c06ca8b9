// Maps the text of one record, by way of its decoder, to its output members.
import type { SourceRecord } from '../../src/decode/decoder.ts'
import { LineBytes } from '../../src/normalize/line-bytes.ts'
import { HAS_DATE, HAS_ID } from '../../src/normalize/members.ts'
import { findLogType, type LogType } from '../../src/normalize/log-types.ts'

export type JsonObject = { [name: string]: unknown }

/** Decodes the only record of an object. */
export function onlyRecord(
  name: LogType['name'],
  object: string,
): SourceRecord {
  const decoder = findLogType(name).decoder()
  for (const chunk of [[Buffer.from(object)], []])
    for (const record of chunk.length > 0
      ? decoder.push(chunk[0] as Buffer)
      : decoder.end())
      return record
  throw new Error(`No record in ${object}`)
}

/** Maps the only record of an object and parses what comes out; undefined if it could not be read. */
export function membersOf(
  name: LogType['name'],
  object: string,
): JsonObject | undefined {
  const { values } = onlyRecord(name, object)
  if (values === undefined) return undefined
  const line = new LineBytes(64)
  const written = findLogType(name).writeMembers(values, line)
  const text = line.buffer.toString('utf8', 0, line.length)
  for (let i = 0; i < line.length; i++)
    if ((line.buffer[i] as number) < 0x20) throw new Error(`broken: ${text}`)
  const hasDate = text.startsWith('"normal_msg_date":"')
  if ((written & HAS_DATE) > 0 !== hasDate)
    throw new Error(`the date is not first: ${text}`)
  const hasId = text.includes('"serialnumber":')
  if ((written & HAS_ID) > 0 !== hasId)
    throw new Error(`the id is not told of: ${text}`)
  return JSON.parse(`{${text.replace(/,$/, '')}}`) as JsonObject
}
