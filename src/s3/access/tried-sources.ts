// The places where the AWS default chain looked for credentials in vain: the
// message shows which of them did not reach this process.

/** Names the sources of the default chain in its order, each with its state; `files` are the two AWS files. */
export function triedSources(env: NodeJS.ProcessEnv, files: string): string {
  const variable = (name: string, what: string): string =>
    `${what} (${name} is ${env[name] ? 'set' : 'not set'})`
  const profile = env['AWS_PROFILE']
  const isOff = env['AWS_EC2_METADATA_DISABLED']?.toLowerCase() === 'true'
  return [
    'AccessKeyId of the ini (blank)',
    profile
      ? 'the environment (passed over, as AWS_PROFILE is set)'
      : variable('AWS_ACCESS_KEY_ID', 'the environment'),
    `profile ${profile ? `${profile} (AWS_PROFILE)` : 'default'} of ${files}`,
    variable('AWS_WEB_IDENTITY_TOKEN_FILE', 'a web identity'),
    env['AWS_CONTAINER_CREDENTIALS_FULL_URI']
      ? variable('AWS_CONTAINER_CREDENTIALS_FULL_URI', 'the container')
      : variable('AWS_CONTAINER_CREDENTIALS_RELATIVE_URI', 'the container'),
    `the instance's role (${isOff ? 'AWS_EC2_METADATA_DISABLED is true' : 'no answer that gives one'})`,
  ].join(', ')
}
