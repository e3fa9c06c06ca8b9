import t from 'tap'
import { triedSources } from '../../../src/s3/access/tried-sources.ts'

t.test('each source with what there is of it, and no value', t => {
  t.equal(
    triedSources({}, '/c and /d'),
    "AccessKeyId of the ini (blank), the environment (AWS_ACCESS_KEY_ID is not set), profile default of /c and /d, a web identity (AWS_WEB_IDENTITY_TOKEN_FILE is not set), the container (AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is not set), the instance's role (no answer that gives one)",
  )
  const env = {
    AWS_ACCESS_KEY_ID: 'AKIDHUSH',
    AWS_PROFILE: 'siem',
    AWS_WEB_IDENTITY_TOKEN_FILE: '/hush',
    AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://hush',
    AWS_EC2_METADATA_DISABLED: 'true',
  }
  const text = triedSources(env, '/c and /d')
  t.match(
    text,
    /\(passed over, as AWS_PROFILE is set\), profile siem \(AWS_PROFILE\) of .*FILE is set\).*FULL_URI is set\).*DISABLED is true/,
  )
  t.notMatch(text, /hush/i)
  t.end()
})
