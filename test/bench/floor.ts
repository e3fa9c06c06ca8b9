// The floor, a process of its own: does its work to the bodies of a file, and
// nothing else. Arguments: log type, file of bodies.

import { readBodies } from './floor-file.ts'
import { FloorWork } from './floor-work.ts'

const [logType = '', path = ''] = process.argv.slice(2)
const work = new FloorWork(logType)
for (const body of readBodies(path)) work.take(body)
process.stdout.write(work.told())
