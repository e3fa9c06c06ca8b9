// The ini and the files beside it, each problem a finding.

import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkFiles } from '../../../src/commands/check/check-machine.ts'
import { checkSettings } from '../../../src/commands/check/check-settings.ts'
import { encryptText } from '../../../src/settings/encrypted-text.ts'
import { findings } from './checking.ts'

import t, { type Test } from 'tap'

const GOOD = 'Region=us-east-1\nBucketName=logs\nLogType=CloudTrail\n'

const check = (t: Test, text: string) => {
  const config = join(t.testdir({ 'x.ini': text }), 'x.ini')
  return findings(checkSettings({ config, state: undefined }))
}

t.test('settings that are in order', async t => {
  const { lines, result } = await check(t, `${GOOD}FilePath=a\n`)
  t.match(lines, [/^ok settings: CloudTrail in s3:\/\/logs\/a\//])
  t.equal(result?.settings.BucketName, 'logs')
})

t.test('all problems at once, and no secret', async t => {
  const { lines, found, result } = await check(
    t,
    'Region=CHANGE_THIS\nMaxResultCount=5000\nRegoin=x\nSecretAccessKey=hush\n',
  )
  t.equal(result, undefined)
  for (const name of ['Region', 'BucketName', 'MaxResultCount', 'AccessKeyId'])
    t.ok(
      lines.some(line => line.startsWith(`fail settings: ${name} `)),
      name,
    )
  t.match(lines.join('\n'), /warn settings: Regoin .*did you mean Region/)
  t.notMatch(lines.join('\n'), 'hush')
  t.ok(found.some(({ outcome }) => outcome === 'usage'))
})

t.test('placeholders and plain keys are warnings', async t => {
  const { lines, found } = await check(
    t,
    `${GOOD}FilePath=CHANGE_THIS\nInclusions=change_this\nUserName=CHANGE_THIS\nAccessKeyId=AKIDTEST\nSecretAccessKey=hush\n`,
  )
  t.match(lines[1], /^warn settings: SecretAccessKey .* in plain text/)
  t.match(lines[2], /^warn settings: FilePath, Inclusions still CHANGE_THIS/)
  t.ok(found.every(({ outcome }) => outcome === 'done'))
})

t.test('an ini that is not there', async t => {
  const config = join(t.testdir(), 'no.ini')
  const { lines } = await findings(checkSettings({ config, state: undefined }))
  t.match(lines, [/^fail settings: .*no\.ini: there is no such file/])
})

t.test('who may read ini and key file', async t => {
  const ini = join(t.testdir({ 'x.ini': GOOD, 'x.ini.key': 'k' }), 'x.ini')
  const files = async (): Promise<string[]> =>
    (await findings(checkFiles(ini, undefined))).lines
  chmodSync(ini, 0o600)
  chmodSync(`${ini}.key`, 0o600)
  t.match(await files(), [/^ok files/, /^ok files/])
  chmodSync(ini, 0o640)
  chmodSync(`${ini}.key`, 0o604)
  t.match(await files(), [
    /^warn files: .*x\.ini can.*640.*chmod 600/,
    /^warn files: .*x\.ini\.key can.*604/,
  ])
})

t.test('encrypted keys, and the key file that KeyFile names', async t => {
  const key = Buffer.alloc(32, 7)
  const folder = t.testdir({ mine: key.toString('base64') })
  const config = join(folder, 'x.ini')
  const keyFile = join(folder, 'mine')
  const id = encryptText('AKIAEXAMPLE', key)
  const secret = encryptText('hush', key)
  const keys = `accesskeyid=${id}\nSecretAccessKey=${secret}\n`
  writeFileSync(config, `${GOOD}FilePath=a\n${keys}KeyFile=mine\n`, {
    mode: 0o600,
  })
  chmodSync(keyFile, 0o600)
  const options = { config, state: undefined }
  const { lines, result } = await findings(checkSettings(options))
  t.strictSame(lines.slice(1), [
    `ok secrets: AccessKeyId, SecretAccessKey are encrypted, and read with the key in ${keyFile}`,
  ])
  const files = await findings(checkFiles(config, result?.settings))
  t.equal(files.lines[1], `ok files: ${keyFile} is its owner's alone`)
  chmodSync(keyFile, 0o644)
  const { lines: bad } = await findings(checkSettings(options))
  t.match(bad, [
    /^fail settings: AccessKeyId .*mode 644/,
    /^fail settings: Secret/,
  ])
})
