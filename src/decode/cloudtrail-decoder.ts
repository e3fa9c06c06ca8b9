// Turns CloudTrail JSON into records, each parsed alone. An element that is not
// a JSON object comes out as its text alone; broken nesting is thrown, after
// all records before it.

import type { Decoder, JsonObject, SourceRecord } from './decoder.ts'
import { COMMA, OPEN_BRACE, OPEN_BRACKET } from './json-bytes.ts'
import { ElementSplitter } from './split-elements.ts'

// CloudTrail's own bound is 256 kB an event, 1 MB in event data stores.
const LARGE_TEXT = 1024 * 1024
const MAX_VALUES = 200_000

/** Decodes the elements of Records, of a bare array, or one JSON object a line; throws DecodeError on what is not JSON, on broken nesting and on breached bounds. */
export class CloudTrailDecoder implements Decoder<JsonObject> {
  private readonly splitter = new ElementSplitter();

  *push(chunk: Buffer): Generator<SourceRecord<JsonObject>> {
    for (const text of this.splitter.push(chunk))
      yield { text, value: parseObject(text) }
  }

  end(): SourceRecord<JsonObject>[] {
    this.splitter.end()
    return []
  }
}

function parseObject(text: string): JsonObject | undefined {
  if (text.length > LARGE_TEXT && hasTooManyValues(text)) return undefined
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  return isJsonObject(value) ? value : undefined
}

/** Tells of text that would take many times its size as values, such as 16 MiB of "[{},{},…": 600 MB. */
function hasTooManyValues(text: string): boolean {
  let values = 0
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === COMMA || c === OPEN_BRACE || c === OPEN_BRACKET) values++
  }
  return values > MAX_VALUES
}

function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
