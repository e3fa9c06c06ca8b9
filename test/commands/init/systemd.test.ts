// The units that `init systemd` prints, read by systemd itself where it is.

import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { init } from '../../../src/commands/init.ts'
import { silentReport } from '../../lib/silent-report.ts'

const hasSystemd =
  spawnSync('systemd-analyze', ['--version'], { stdio: 'ignore' }).status === 0

t.test(
  'systemd has nothing to say about the units',
  { skip: hasSystemd ? false : 'no systemd-analyze here' },
  async t => {
    const folder = t.testdir({ 'a.ini': 'Region=us-east-1\nBucketName=logs\n' })
    const program = join(folder, 'odd 100% $name.cjs')
    writeFileSync(program, '')
    const text = init(
      {
        target: 'systemd',
        config: join(folder, 'a.ini'),
        state: join(folder, 'state', 'cursor'),
        replicas: undefined,
      },
      { node: process.execPath, program, threads: 2 },
      silentReport(),
    )
    const [, ...units] = text.split(/^# \/etc\/systemd\/system\//m)
    const paths = units.map(unit => {
      const [name = '', ...lines] = unit.split('\n')
      const path = join(folder, name)
      writeFileSync(path, lines.join('\n'))
      return path
    })
    t.equal(paths.length, 2)
    const { status, stderr } = spawnSync(
      'systemd-analyze',
      ['verify', ...paths],
      {
        encoding: 'utf8',
      },
    )
    t.equal(stderr, '')
    t.equal(status, 0)
    // It would have said something.
    writeFileSync(
      paths[0] ?? '',
      '[Service]\nNoSuchKey=1\nExecStart=/bin/true\n',
    )
    const odd = spawnSync('systemd-analyze', ['verify', paths[0] ?? ''])
    t.match(String(odd.stderr), 'NoSuchKey')
  },
)
