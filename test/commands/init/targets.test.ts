// The configurations that `init` prints: each is read by a reader of its form,
// and says what this installation says.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { parse, parseAllDocuments } from 'yaml'
import { init } from '../../../src/commands/init.ts'
import {
  initTargets,
  type InitTarget,
} from '../../../src/commands/init/targets.ts'
import { hostQueueRecords } from '../../../src/commands/init/vector.ts'
import { Report } from '../../../src/report/report.ts'
import { parseSettings } from '../../../src/settings/parse-settings.ts'

const EXAMPLE = {
  node: '/usr/bin/node',
  program: '/opt/lr-s3-input/dist/lr-s3-input.cjs',
  threads: 2,
}
const EXAMPLE_COMMAND = `${EXAMPLE.node} ${EXAMPLE.program} collect --config /etc/lr-s3-input/awsS3CloudTrail.ini`

function start(t: Test, runtime = EXAMPLE) {
  const said: string[] = []
  const report = new Report({
    write: line => void said.push(line),
    now: () => 0,
    isTerminal: true,
    quiet: false,
  })
  const print = (
    target: InitTarget,
    config?: string,
    more: { state?: string; replicas?: string } = {},
  ): string => {
    const options = { target, config, state: undefined, replicas: undefined }
    return init({ ...options, ...more }, runtime, report)
  }
  const ini = (name: string, text: string): string => {
    const folder = t.testdir({})
    const path = join(folder, name)
    writeFileSync(
      path,
      `Region=eu-west-1\nBucketName=my-logs\nLogType=CloudTrail\n${text}`,
    )
    return path
  }
  return { print, ini, said }
}

t.test('plugin.conf.example is what init fluent-bit prints', async t => {
  const { print } = start(t)
  const text = print('fluent-bit')
  if (process.env['UPDATE']) writeFileSync('plugin.conf.example', text)
  t.equal(text, readFileSync('plugin.conf.example', 'utf8'))
})

t.test('all name the command of this installation', async t => {
  const { print, ini } = start(t)
  const path = ini('a.ini', 'MaxCycleSeconds=100\nMaxRecordBytes=8388608\n')
  const words = [EXAMPLE.node, EXAMPLE.program, 'collect', '--config', path]
  for (const target of initTargets) {
    const text = print(target, path)
    t.match(text, /[^\n]\n$/, target)
    if (target !== 'policy' && target !== 'kubernetes')
      t.ok(
        text.includes(
          target === 'vector'
            ? words.map(word => JSON.stringify(word)).join(', ')
            : words.join(' '),
        ),
        target,
      )
    const wide = text
      .split('\n')
      .filter(line => line.includes('#') && line.length > 90)
      .filter(line => !line.includes(path))
    t.strictSame(wide, [], target)
  }
  const classic = print('fluent-bit', path)
  t.match(classic, /Command {6}exec timeout -k 5 105 /)
  t.match(classic, /Interval_Sec 120\n/)
  t.match(classic, /Buf_Size {5}9M\n/)
  t.match(print('cron', path), /^\*\/2 \* \* \* \* timeout -k 5 105 /m)
  t.match(print('systemd', path), /^TimeoutStartSec=105$/m)
})

t.test('a path may hold anything that a shell or a unit minds', async t => {
  const { print, ini } = start(t)
  const path = ini("it's 100% $HOME.ini", '')
  const inShell = `'${path.replace("'", `'\\''`)}'`
  t.ok(print('fluent-bit', path).includes(` --config ${inShell}\n`))
  t.ok(print('cron', path).includes(inShell.replaceAll('%', '\\%')))
  const unit = path.replace('%', '%%').replace('$', '$$$$')
  t.ok(print('systemd', path).includes(` --config "${unit}"\n`))
  const yaml = parse(print('fluent-bit-yaml', path)) as {
    pipeline: { inputs: { command: string }[] }
  }
  t.match(yaml.pipeline.inputs[0]?.command, ` --config ${inShell}`)
})

t.test('the YAML says what the classic form says', async t => {
  const { print, ini } = start(t)
  const path = ini('a.ini', 'StateFile=/srv/state/cursor\n')
  const classic = print('fluent-bit', path)
  const keys = [...classic.matchAll(/^ {4}([\w.]+) +(\S.*)$/gm)].map(
    ([, key = '', value = '']) => `${key.toLowerCase()}: ${value}`,
  )
  const lines = print('fluent-bit-yaml', path)
    .split('\n')
    .map(line => line.replace(/^[ -]*/, '').replaceAll('"', ''))
    .map(line => line.replace(/: true$/, ': On').replace(/: false$/, ': off'))
  const missing = keys.filter(
    key => !key.startsWith('parsers_file') && !lines.includes(key),
  )
  t.strictSame(missing, [])
  t.ok(lines.includes('storage.path: /srv/state/storage'))
  const yaml = parse(print('fluent-bit-yaml', path)) as object
  t.strictSame(Object.keys(yaml), ['service', 'parsers', 'pipeline'])
})

t.test('Vector: what it holds in memory is worked out', async t => {
  t.equal(hostQueueRecords(2, 0), 3100)
  t.equal(hostQueueRecords(2, 1), 3200)
  t.equal(hostQueueRecords(1000, 1), 100_000, 'as much as may be set')
  const { print, ini } = start(t, { ...EXAMPLE, threads: 16 })
  const text = print('vector', ini('a.ini', ''))
  const line = /^# {3}(HostQueueRecords=17200)$/m.exec(text)?.[1] ?? ''
  parseSettings(Buffer.from(`Region=a\nBucketName=b\n${line}\n`), '/an.ini')
  t.match(text, /1100 there\s+#? ?now, which is too little/)
  t.notMatch(print('vector', ini('b.ini', `${line}\n`)), 'too little')
  t.match(text, /^data_dir = "\/var\/lib\/vector"$/m)
  t.match(text, /^mode = "streaming"$/m)
  t.match(text, /^buffer.type = "disk"$/m)
  for (const one of text.split('\n'))
    t.match(one, /^($|#|\[[\w.]+\]$|[\w.]+ = (\[?["'\d]|true$|false$))/)
})

t.test('systemd: nothing under /etc is written to', async t => {
  const { print, ini } = start(t)
  const text = print('systemd')
  const command = `${EXAMPLE_COMMAND} --state /var/lib/lr-s3-input/awsS3CloudTrail.ini.cursor`
  t.ok(text.includes(`\nExecStart=${command}\n`))
  t.match(text, /^StateDirectory=lr-s3-input$/m)
  t.match(text, /^User=lr-s3-input$/m)
  t.match(text, /^ProtectSystem=strict$/m)
  t.notMatch(text, /^ReadWritePaths=/m)
  t.match(text, 'mv /etc/lr-s3-input/awsS3CloudTrail.ini.cursor* ')
  const path = ini('a.ini', 'StateFile=/srv/state/cursor\n')
  const other = print('systemd', path)
  t.match(other, /^ReadWritePaths=\/srv\/state$/m)
  t.notMatch(other, ' --state ', 'where the ini says it')
  t.match(print('systemd', path, { state: '/srv/x' }), ' --state /srv/x\n')
})

t.test('Kubernetes: a volume and a shard a pod', async t => {
  const { print, ini } = start(t)
  const path = ini('a.ini', '')
  const text = print('kubernetes', path, { replicas: '4' })
  const all = parseAllDocuments(text).map(one => {
    t.strictSame(one.errors, [])
    return one.toJS() as Record<string, never>
  })
  t.strictSame(
    all.map(({ kind }) => kind),
    ['ServiceAccount', 'Service', 'ConfigMap', 'StatefulSet'],
  )
  const { data } = all[2] as unknown as { data: Record<string, string> }
  const config = data['fluent-bit.yaml'] ?? ''
  t.match(
    config,
    ' --config /etc/lr-s3-input/a.ini --state /var/lib/lr-s3-input/cursor\n',
  )
  t.ok(parse(config))
  t.match(all[3], {
    spec: {
      replicas: 4,
      template: {
        spec: {
          containers: [
            {
              env: [
                {
                  name: 'POD_INDEX',
                  valueFrom: {
                    fieldRef: {
                      fieldPath:
                        "metadata.labels['apps.kubernetes.io/pod-index']",
                    },
                  },
                },
                { name: 'LR_S3_INPUT_SHARD', value: '+$(POD_INDEX)/4' },
              ],
            },
          ],
        },
      },
      volumeClaimTemplates: [{ metadata: { name: 'state' } }],
    },
  })
  for (const replicas of ['0', '1001', 'two', '1.5'])
    t.throws(() => print('kubernetes', path, { replicas }), { code: 'USAGE' })
})

t.test('the policy allows what is asked, and no more', async t => {
  const { print, ini, said } = start(t)
  const read = (text: string): unknown =>
    (JSON.parse(print('policy', ini('a.ini', text))) as { Statement: unknown })
      .Statement
  const keys = { Action: 'cloudtrail:ListPublicKeys', Resource: '*' }
  t.match(read('FilePath=AWSLogs/\n'), [
    {
      Action: 's3:ListBucket',
      Resource: 'arn:aws:s3:::my-logs',
      Condition: { StringLike: { 's3:prefix': ['AWSLogs/*'] } },
    },
    { Action: 's3:GetObject', Resource: ['arn:aws:s3:::my-logs/AWSLogs/*'] },
    {
      Action: 'kms:Decrypt',
      Condition: {
        StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' },
        StringLike: {
          'kms:EncryptionContext:aws:s3:arn': [
            'arn:aws:s3:::my-logs',
            'arn:aws:s3:::my-logs/AWSLogs/*',
          ],
        },
      },
    },
    keys,
  ])
  const digests = read('FilePath=AWSLogs/111122223333/CloudTrail/\n')
  t.match(digests, [
    {
      Condition: {
        StringLike: {
          's3:prefix': [
            'AWSLogs/111122223333/CloudTrail/*',
            'AWSLogs/111122223333/CloudTrail-Digest/*',
          ],
        },
      },
    },
  ])
  t.notMatch(JSON.stringify(read('')), 's3:prefix')
  const point = read(
    'BucketName=arn:aws-cn:s3:cn-north-1:111122223333:accesspoint/a\n',
  )
  t.match(JSON.stringify(point), '"s3.cn-north-1.amazonaws.com.cn"')
  t.notMatch(JSON.stringify(point), 'EncryptionContext')
  const flow = read('LogType=VPCFlowLogs\n')
  t.notMatch(JSON.stringify(flow), 'ListPublicKeys')
  t.match(said.join(''), 'kms:Decrypt')
})

t.test('no secret is read: neither texts of LogRhythm nor a key', async t => {
  const { print, ini, said } = start(t)
  const lrcrypt = Buffer.alloc(47, 'a secret').toString('base64')
  for (const text of [lrcrypt, `lrs3:1:${'a'.repeat(60)}`, 'aPlainSecret']) {
    const keys = `AccessKeyId=${text}\nSecretAccessKey=${text}\n`
    const path = ini(
      'a.ini',
      `ProxyServer=proxy\nProxyPort=1\nUserName=u\nPassword=${text}\n${keys}`,
    )
    for (const target of initTargets)
      t.notMatch(print(target, path), text, target)
  }
  t.notMatch(said.join(''), 'plain text')
})

t.test('without what to print, no ini is read', async t => {
  const { said } = start(t)
  const report = new Report({
    write: line => void said.push(line),
    now: () => 0,
    isTerminal: true,
    quiet: false,
  })
  const nothing = { target: undefined, state: undefined, replicas: undefined }
  t.match(init({ ...nothing, config: undefined }, EXAMPLE, report), '[Plugin]')
  t.match(init({ ...nothing, config: 'none' }, EXAMPLE, report), '[Plugin]')
})
