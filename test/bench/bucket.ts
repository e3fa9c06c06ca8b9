// A bucket in a process of its own, so that its work is not counted as the
// program's: fills a stand-in S3, writes the floors' files, tells its parent
// and serves until the parent goes. Arguments: description, seed, floor's file.

import { closeSync, openSync, writeFileSync } from 'node:fs'
import { StandInS3 } from '../lib/s3/stand-in-s3.ts'
import { bucketObjects, type BucketSpec } from './bucket-objects.ts'
import { keysPath, writeBody } from './floor-file.ts'

/** What the parent is told once the bucket can be used. */
export interface BucketReady {
  endpoint: string
  /** The bucket's time when it was filled, in ms since 1970. */
  now: number
  objects: number
  records: number
  plainBytes: number
}

const NOON = 43_200_000

async function serve(
  spec: BucketSpec,
  seed: number,
  floorPath: string,
): Promise<BucketReady> {
  // Always noon, so that no count depends on the time of day.
  const now = Math.floor(Date.now() / 86_400_000) * 86_400_000 + NOON
  const offset = now - Date.now()
  const s3 = await StandInS3.start({
    bucket: 'bench',
    region: 'us-east-1',
    accessKeyId: 'AKIDBENCH',
    secretAccessKey: 'a bench secret',
    clock: () => Date.now() + offset,
  })
  s3.maxSkewMs = Number.POSITIVE_INFINITY
  const { endpoint } = s3
  const ready = { endpoint, now, objects: 0, records: 0, plainBytes: 0 }
  const file = openSync(floorPath, 'w')
  const keys: string[] = []
  for (const object of bucketObjects(spec, seed, now)) {
    s3.put(object.key, object.body, { modified: object.modified })
    keys.push(object.key)
    for (const body of object.floor) writeBody(file, body)
    ready.objects++
    ready.records += object.records
    ready.plainBytes += object.plainBytes
  }
  closeSync(file)
  writeFileSync(keysPath(floorPath), keys.join('\n'))
  return ready
}

// Without a parent there is nobody to serve.
process.once('disconnect', () => process.exit())
const [described = '', seed, path = ''] = process.argv.slice(2)
void serve(JSON.parse(described) as BucketSpec, Number(seed), path).then(
  ready => process.send?.(ready),
)
