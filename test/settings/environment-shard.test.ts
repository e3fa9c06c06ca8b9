// The shard of the environment goes before that of the ini, right or wrong.
import t from 'tap'
import { parseSettings } from '../../src/settings/parse-settings.ts'
import { SettingsError } from '../../src/settings/settings-error.ts'

const INI = 'Region=us-east-1\nBucketName=b\nLogType=CloudTrail\n'

t.afterEach(() => {
  delete process.env['LR_S3_INPUT_SHARD']
})

function shardWith(variable: string, shard: string) {
  process.env['LR_S3_INPUT_SHARD'] = variable
  const ini = Buffer.from(`${INI}${shard === '' ? '' : `Shard=${shard}\n`}`)
  return parseSettings(ini, '/an.ini').settings.Shard
}

t.test('it goes before Shard, also before one that is wrong', async t => {
  t.strictSame(shardWith('2/4', '1/2'), { index: 2, of: 4 })
  t.strictSame(shardWith('2/4', ''), { index: 2, of: 4 })
  t.strictSame(shardWith('2/4', '9/4'), { index: 2, of: 4 })
  t.strictSame(shardWith(' ', '1/2'), { index: 1, of: 2 }, 'blank is none')
})

t.test('with a + it counts from 0, as pods do', async t => {
  t.strictSame(shardWith('+0/4', ''), { index: 1, of: 4 })
  t.strictSame(shardWith('+3/4', ''), { index: 4, of: 4 })
  t.strictSame(shardWith('+0/1', ''), { index: 1, of: 1 })
  t.strictSame(shardWith('+999/1000', ''), { index: 1000, of: 1000 })
})

t.test("what is wrong is named as the environment's", async t => {
  for (const text of ['0/4', '+4/4', '+/4', '+-1/4', '4', '1/1001', '++0/4']) {
    t.throws(() => shardWith(text, '1/2'), SettingsError, text)
    try {
      shardWith(text, '1/2')
    } catch (error) {
      t.match(error, {
        problems: [
          {
            setting: 'Shard',
            message: `LR_S3_INPUT_SHARD (environment) is "${text}": must be i/n, 1/1 to 1000/1000, or +i/n with i from 0, such as +0/4 for 1/4`,
          },
        ],
      })
    }
  }
})
