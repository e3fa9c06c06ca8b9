// The pods of the StatefulSet that `init kubernetes` prints, as far as they can
// be had without Kubernetes: each runs the command of the manifest with the
// environment of the manifest, at the same time as the others, from one ini.

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parse, parseAllDocuments } from 'yaml'
import { init } from '../../src/commands/init.ts'
import { cloudTrailObject, trailKey } from '../lib/hosts/collector.ts'
import { execTick, type Tick } from '../lib/hosts/fluent-bit-double.ts'
import {
  eventsOf,
  hostWorld,
  recordsOf,
  TODAY,
} from '../lib/hosts/host-world.ts'
import { silentReport } from '../lib/silent-report.ts'

const PODS = 3
const BUF_SIZE = 2_000_000

interface Variable {
  name: string
  value?: string
}

/** Reads the command and the environment of a pod of so many out of the manifest. */
function manifest(config: string, argv: readonly string[]) {
  const [node = '', program = ''] = argv
  const text = init(
    { target: 'kubernetes', config, state: undefined, replicas: `${PODS}` },
    { node, program, threads: 2 },
    silentReport(),
  )
  const [, , map, set] = parseAllDocuments(text).map(
    one => one.toJS() as never,
  ) as unknown as [
    unknown,
    unknown,
    { data: Record<string, string> },
    { spec: { template: { spec: { containers: { env: Variable[] }[] } } } },
  ]
  const { pipeline } = parse(map.data['fluent-bit.yaml'] ?? '') as {
    pipeline: { inputs: { command: string }[] }
  }
  const { env = [] } = set.spec.template.spec.containers[0] ?? {}
  const shard = env.find(({ name }) => name === 'LR_S3_INPUT_SHARD')?.value
  return { command: pipeline.inputs[0]?.command ?? '', shard: shard ?? '' }
}

t.test('three pods take everything, each record once', async t => {
  const { s3, ini, folder, argv, fill, wrong } = await hostWorld(t)
  const { command, shard } = manifest(ini, argv)
  const put = (name: string): void => {
    for (let account = 0; account < 12; account++)
      for (const region of ['us-east-1', 'eu-west-1']) {
        const place = { account: `1111222233${10 + account}`, region }
        s3.put(trailKey(TODAY, name, place), cloudTrailObject(50, 300))
      }
  }
  const volumes = Array.from({ length: PODS }, (_, index) => {
    const volume = join(folder, `pod-${index}`)
    mkdirSync(volume, { mode: 0o700 })
    return volume
  })
  const inEachPod = (): Promise<Tick[]> =>
    Promise.all(
      volumes.map((volume, index) => {
        // What is mounted at these paths.
        const mounted = command
          .replaceAll('/etc/lr-s3-input/awsS3CloudTrail.ini', ini)
          .replaceAll('/var/lib/lr-s3-input/', `${volume}/`)
        const LR_S3_INPUT_SHARD = shard.replace('$(POD_INDEX)', `${index}`)
        const PATH = process.env['PATH']
        const env = { PATH, LR_S3_INPUT_SHARD }
        return execTick(mounted, { bufSize: BUF_SIZE, cwd: '/', env })
      }),
    )
  fill(5, 100)
  put('first')
  const first = await inEachPod()
  t.strictSame(wrong(first), [])
  first.forEach((tick, index) => {
    t.equal(tick.code, 0)
    t.not(recordsOf(tick).length, 0, 'each has a share')
    t.equal(eventsOf(tick).at(-1)?.['shard'], `${index + 1}/${PODS}`)
  })
  put('a-later')
  const second = await inEachPod()
  t.strictSame(wrong([...first, ...second]), [])
  for (const tick of await inEachPod()) t.equal(tick.stdout, '')
})
