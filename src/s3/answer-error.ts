// Makes of an answer that refuses the error that the SDK would make of it, so
// that S3's refusals and those that the SDK gets for credentials read alike.

import type { IncomingHttpHeaders } from 'node:http'
import { readXml } from './xml.ts'

/** Makes an error with S3's code as its name; of a text that is not S3's, one that has the status alone. */
export function answerError(
  status: number,
  headers: IncomingHttpHeaders,
  text: string,
): Error {
  const said = readError(text)
  return Object.assign(new Error(said.get('Message')), {
    name: said.get('Code') ?? 'Unknown',
    Region: said.get('Region'),
    $metadata: { httpStatusCode: status },
    $response: { headers },
  })
}

function readError(text: string): Map<string, string> {
  const said = new Map<string, string>()
  try {
    readXml(text, ([root, name, deeper], value) => {
      if (root === 'Error' && name !== undefined && deeper === undefined)
        said.set(name, value)
    })
    return said
  } catch {
    // A refusal that was cut, or a page of a proxy: its status speaks for it.
    return new Map()
  }
}
