// The floor, a process of its own: gunzip, JSON.parse and JSON.stringify of
// each record (flow logs: gunzip, split, JSON.stringify of the fields) and
// nothing else. What it made is counted, so that none of it can be left out.
// Arguments: log type, file of bodies.

import { gunzipSync } from 'node:zlib'
import { readBodies } from './floor-file.ts'

const [logType, path = ''] = process.argv.slice(2)
const trail = logType === 'CloudTrail'
let records = 0
let characters = 0

for (const body of readBodies(path)) {
  const text = String(body[0] === 0x1f ? gunzipSync(body) : body)
  if (trail)
    for (const record of JSON.parse(text).Records) {
      characters += JSON.stringify(record).length
      records++
    }
  else
    for (const line of text.split('\n').slice(1)) {
      if (line === '') continue
      characters += JSON.stringify(line.split(' ')).length
      records++
    }
}

process.stdout.write(JSON.stringify({ records, characters }))
