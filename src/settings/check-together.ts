// Checks combinations of settings: each is right by itself, but they conflict, or
// one makes another one idle.
import { findCloudTrailFolder } from './cloudtrail-folders.ts'
import { isEncrypted } from './encrypted-text.ts'
import {
  addProblem,
  isBlank,
  shorten,
  textOf,
  warn,
  type Ini,
} from './ini-problems.ts'
import { findOddValues } from './odd-values.ts'
import { proxyAddress } from './proxy-address.ts'
import { itemsOf } from './setting-kinds.ts'

const MAX_PORT = 65_535

/** Checks the settings that depend on each other: keys, proxy, and settings that others make idle. */
export function checkTogether(ini: Ini) {
  if (isBlank(ini, 'LogType'))
    warn(ini, 'LogType', 'is not set: CloudTrail is collected')
  const keys = ['AccessKeyId', 'SecretAccessKey']
  const blank = keys.filter(name => isBlank(ini, name))
  const [missing] = blank
  if (blank.length === 1 && missing !== undefined)
    addProblem(
      ini,
      missing,
      `is not set, but ${missing === keys[0] ? keys[1] : keys[0]} is: give both, or leave both blank for the AWS default chain`,
    )
  checkProxy(ini)
  findOddValues(ini)
  warnOfFolders(ini)
  const bucket = textOf(ini, 'BucketName')
  if (/^(?!arn:)[\w-]*:(?!\/)/.test(bucket) && isBlank(ini, 'Endpoint'))
    addProblem(
      ini,
      'BucketName',
      'names a tenant, which AWS does not know: give the address of the store as Endpoint, or the bucket alone',
    )
  if (!isBlank(ini, 'DepthToRecurse') && searchesBucket(ini))
    warn(
      ini,
      'DepthToRecurse',
      'is ignored, since FilePath is blank: the whole bucket is searched',
    )
  warnOfPlain(ini, blank.length === 0 ? keys.toReversed() : [])
  if (!isBlank(ini, 'Profile') && blank.length < 2)
    warn(ini, 'Profile', 'is ignored, since AccessKeyId is set')
}

/** Tells whether the whole bucket is searched, at any depth and regardless of DepthToRecurse. */
export const searchesBucket = (ini: Ini): boolean => isBlank(ini, 'FilePath')

// FilePath takes precedence, so folders beside the one that it leads into are never searched.
function warnOfFolders(ini: Ini) {
  if (isBlank(ini, 'CloudTrailFolders')) return
  const name = 'CloudTrailFolders'
  if (textOf(ini, 'LogType') === 'VPCFlowLogs')
    return warn(ini, name, 'is ignored, since LogType is VPCFlowLogs')
  const into = findCloudTrailFolder(textOf(ini, 'FilePath'))
  if (into === undefined) return
  const { above, folder } = into
  const beside = itemsOf(textOf(ini, name)).filter(item => item !== folder)
  if (beside.length === 0) return
  warn(
    ini,
    name,
    `names ${beside.join(', ')}, but FilePath leads into ${folder}, so no other folder is searched: set FilePath to ${above}`,
  )
}

function warnOfPlain(ini: Ini, keys: readonly string[]) {
  if (ini.secrets === 'left blank') return
  const secrets = isBlank(ini, 'ProxyServer') ? keys : [...keys, 'Password']
  const [first, ...others] = secrets
    .filter(name => !isBlank(ini, name))
    .filter(name => !isEncrypted(ini.entries.get(name)?.value ?? ''))
    .filter(name => ini.problems.every(({ setting }) => setting !== name))
  if (first === undefined) return
  const are = others.length > 0 ? `and ${others.join(', ')} are` : 'is'
  const other =
    first === 'Password'
      ? ''
      : ', or leave both keys blank for the AWS default chain'
  warn(
    ini,
    first,
    `${are} in plain text: encrypt with \`encrypt --config ${ini.path} --set NAME\`${other}`,
    true,
  )
}

function checkProxy(ini: Ini) {
  const text = (name: string) => textOf(ini, name)
  const server = text('ProxyServer')
  const isWrong = ini.problems.some(
    problem => problem.setting === 'ProxyServer',
  )
  if (server === '' || isWrong) return
  const { port } = proxyAddress(server) ?? { port: 0 }
  if (port !== undefined && (port < 1 || port > MAX_PORT))
    addProblem(
      ini,
      'ProxyServer',
      'is not the address of a host',
      shorten(server),
    )
  else if (port === undefined && text('ProxyPort') === '')
    addProblem(
      ini,
      'ProxyPort',
      "is not set: give the proxy's, often 8080 or 3128",
    )
  else if (port && text('ProxyPort') && Number(text('ProxyPort')) !== port)
    addProblem(ini, 'ProxyPort', `and the port ${port} in ProxyServer differ`)
  if (text('UserName') === '' && text('Password') !== '')
    addProblem(
      ini,
      'UserName',
      'is not set, but Password is: give both or none',
    )
  else if (text('UserName') === '' && text('Domain') !== '')
    warn(ini, 'Domain', 'is ignored, since UserName is not set')
  for (const name of ['UserName', 'Domain'])
    if (text(name).includes(':'))
      addProblem(ini, name, 'holds a colon, which would end the user name')
}
