// Secrets in every place that holds any, and a server that repeats them in all
// that it says: whatever a command comes to, none is printed or kept.

import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { daysAgo, trailKey } from '../lib/hosts/collector.ts'
import { inParallel } from '../../src/find/pool.ts'
import { startServer } from '../lib/s3/raw-server.ts'
import { runProgram, type Run } from '../lib/hosts/run-program.ts'

// Each has a word of its own, by which any part of it that matters is found.
const SECRETS = {
  key: 'k3y/hushAAiniAAkey+x=="\\%1;#',
  password: 'p@ss hushBBpasswordBB:w#rd%1',
  envKey: 'hushCCenvironmentCC/key+1',
  token: `tok/hushDDsessionDD+${'abcDEF123/+'.repeat(40)}==`,
  proxy: 'hushEEproxyEE@:/1',
  container: 'hushFFcontainerFF/key+2',
  stray: 'hushGGstrayGG/word',
  torn: 'hushHHtornHHsecret',
} as const
const WORDS = Object.values(SECRETS).map(
  secret => /hush\w+/.exec(secret)?.[0] ?? '',
)

const hexOf = (code: number): string => code.toString(16).padStart(2, '0')
const percent = (text: string): string =>
  Buffer.from(text).reduce((all, byte) => `${all}%${hexOf(byte)}`, '')
const inReferences = (text: string): string =>
  Buffer.from(text).reduce((all, byte) => `${all}&#${byte};`, '')
const escaped = (text: string): string =>
  Buffer.from(text).reduce((all, byte) => `${all}\\u00${hexOf(byte)}`, '')

const inBase64 = (word: string): string[] =>
  [0, 1, 2].map(before =>
    Buffer.from(' '.repeat(before) + word)
      .toString('base64')
      .slice(before + 1, -4),
  )
const TRACE = new RegExp(
  [
    ...WORDS.flatMap(word => [
      word,
      ...inBase64(word),
      // Whatever is before and between them.
      ...[percent, escaped, inReferences].map(write =>
        write(word).replace(/[%&\\]/g, String.raw`(?:%25|%26|%5c|\$&)`),
      ),
      Buffer.from(word).toString('hex'),
      word.split('').join(' ?'),
    ]),
    // Of what signs a request.
    'Signature=[0-9a-f]',
  ]
    .join('|')
    .replaceAll('+', '[+-]'),
)

const hushed = (t: Test, text: string, where: string): boolean =>
  t.notMatch(text, TRACE, where)

// All forms of what the program knows, and what was sent.
function echo(
  { headers }: IncomingMessage,
  known: readonly (keyof typeof SECRETS)[],
): string {
  const forms = known
    .map(name => SECRETS[name])
    .flatMap(secret => [
      secret,
      encodeURIComponent(secret),
      JSON.stringify(secret),
      Buffer.from(secret).toString('base64'),
      Buffer.from(`CORP\\svc:${secret}`).toString('base64url'),
      percent(secret),
      percent(percent(secret)),
      inReferences(secret),
      percent(inReferences(secret)),
      escaped(secret),
      Buffer.from(secret).toString('hex'),
      secret.replace(/[^]{5}/g, '$& '),
    ])
  const { authorization, 'x-amz-security-token': token } = headers
  return [authorization, token, ...forms].join(' ')
}

const inXml = (text: string): string =>
  text.replace(/[<>&"]/g, c => `&#${c.charCodeAt(0)};`)
// Node takes headers of 16 KiB in all; a part of a secret is none any more.
const inHeader = (text: string): string =>
  text.length > 4000 ? '' : text.replace(/[^\x20-\x7e]/g, '?')

const KEY = trailKey(daysAgo(0), 'a')
const BODY = gzipSync('{"Records":[{"eventName":"x"}]}')
const page = (key: string): string =>
  `<ListBucketResult><Name>logs</Name><KeyCount>1</KeyCount><IsTruncated>false</IsTruncated><Contents><Key>${key}</Key><LastModified>${new Date().toISOString()}</LastModified><ETag>&quot;e&quot;</ETag><Size>${BODY.length}</Size></Contents></ListBucketResult>`
const folder = (prefix: string): string =>
  `<ListBucketResult><Name>logs</Name><KeyCount>1</KeyCount><IsTruncated>false</IsTruncated><CommonPrefixes><Prefix>${prefix}</Prefix></CommonPrefixes></ListBucketResult>`

/** What the server does, by the first part of the path, which the Endpoint cannot have: by its port. */
type Manner =
  | 'message'
  | 'code'
  | 'redirect'
  | 'html'
  | 'reset'
  | 'object'
  | 'etag'
  | 'container'

async function startEcho(
  t: Test,
  manner: Manner,
  known: readonly (keyof typeof SECRETS)[] = ['key', 'password', 'proxy'],
): Promise<string> {
  const { port } = await startServer(t, (request, response) => {
    const said = echo(request, known)
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://x')
    response.sendDate = true
    response.setHeader('x-amz-request-id', inHeader(said))
    response.setHeader('x-amz-bucket-region', inHeader(said))
    const refuse = (status: number, code: string, message: string): void => {
      response.writeHead(status, {
        location: `http://x/${inHeader(message)}`,
      })
      response.end(
        `<Error><Code>${inXml(code)}</Code><Message>${inXml(message)}</Message><Region>${inXml(message)}</Region></Error>`,
      )
    }
    if (manner === 'reset') return void request.socket.resetAndDestroy()
    if (manner === 'container')
      return void response.end(`{"SecretAccessKey":"${SECRETS.container}"x`)
    if (manner === 'html')
      return void response.end(`<html>${inXml(said)}</html>`)
    if (manner === 'object' || manner === 'etag') {
      if (searchParams.has('list-type')) {
        const prefix = searchParams.get('prefix') ?? ''
        const isWhole = !searchParams.has('delimiter') || prefix.endsWith('/1/')
        const next = KEY.slice(prefix.length).split('/')[0] ?? ''
        return void response.end(
          isWhole ? page(KEY) : folder(`${prefix}${next}/`),
        )
      }
      if (manner === 'object') return refuse(403, 'AccessDenied', said)
      response.setHeader('etag', `"${inHeader(said)}"`)
      return void response.end(BODY)
    }
    if (pathname === '/creds')
      return void response.end(
        JSON.stringify({
          AccessKeyId: 'AKIDCONTAINER',
          SecretAccessKey: SECRETS.container,
          Token: SECRETS.token,
          Expiration: '2099-01-01T00:00:00Z',
        }),
      )
    if (manner === 'code') return refuse(400, said, said)
    if (manner === 'redirect') return refuse(301, 'PermanentRedirect', said)
    // Where the text is cut off is in the midst of a secret.
    return refuse(403, 'AccessDenied', `${'x'.repeat(270)} ${said}`)
  })
  return `http://127.0.0.1:${port}`
}

const ENV = {
  HTTPS_PROXY: `http://joe:${encodeURIComponent(SECRETS.proxy)}@127.0.0.1:9`,
  NO_PROXY: '127.0.0.1',
}
const KEYS = {
  AWS_ACCESS_KEY_ID: 'AKIDENV',
  AWS_SECRET_ACCESS_KEY: SECRETS.envKey,
  AWS_SESSION_TOKEN: SECRETS.token,
}

let inis = 0

function writeIni(
  folder: string,
  settings: Readonly<Record<string, string>>,
  more = '',
): string {
  const name = `ini-${++inis}`
  const all = {
    Region: 'us-east-1',
    BucketName: 'logs',
    LogType: 'CloudTrail',
    FilePath: 'AWSLogs/',
    StartupDelayInSeconds: '0',
    ForcePathStyle: 'true',
    MaxCycleSeconds: '5',
    LogApiRequests: 'true',
    EmitHeartbeat: 'true',
    LogFile: `${name}.log`,
    ...settings,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}=${value}`)
  writeFileSync(join(folder, name), `${lines.join('\n')}\n${more}`)
  return join(folder, name)
}

interface Try {
  args: string[]
  env?: NodeJS.ProcessEnv
  says: RegExp
}

const goOn = (): boolean => true

async function runAll(
  t: Test,
  folder: string,
  tries: readonly Try[],
): Promise<void> {
  const tryOne = async ({ args, env = {}, says }: Try): Promise<void> => {
    const run: Run = await runProgram(args, { env: { ...ENV, ...env } })
    const name = args.join(' ')
    t.match(run.stderr + run.stdout, says, name)
    hushed(t, run.stderr, `stderr of ${name}`)
    hushed(t, run.stdout, `stdout of ${name}`)
  }
  await inParallel([...tries], goOn, tryOne, 4)
  for (const name of readdirSync(folder, { recursive: true }) as string[]) {
    const file = join(folder, name)
    if (/ini-\d+$|\.aws/.test(name) || !statSync(file).isFile()) continue
    hushed(t, readFileSync(file, 'latin1'), name)
  }
  for (const name of readdirSync('dist').filter(isOfProgram))
    hushed(t, readFileSync(join('dist', name), 'latin1'), name)
}

// The program and its code cache.
const isOfProgram = (name: string): boolean => name.startsWith('lr-s3-input')

t.test('what a server repeats', async t => {
  const folder = t.testdir()
  const manners = [
    ['message', /AccessDenied/],
    ['code', /\*\*\*/],
    ['redirect', /PermanentRedirect/],
    ['html', /not a listing page/],
    ['reset', /ECONNRESET/],
    ['object', /object_failed/],
    ['etag', /the store gave/],
  ] as const
  const tries: Try[] = []
  for (const [manner, says] of manners) {
    const Endpoint = await startEcho(t, manner)
    const ini = writeIni(folder, {
      Endpoint,
      AccessKeyId: 'AKIDTEST',
      SecretAccessKey: SECRETS.key,
      Password: SECRETS.password,
      ProxyServer: '',
    })
    tries.push({ args: ['collect', '--config', ini], says })
    if (manner !== 'message' && manner !== 'object') continue
    const config = ['--config', ini, '--state', `${ini}.other`]
    const again: Try[] = [
      ['check', '--json'],
      ['plan'],
      ['skip'],
      ['replay', '--day', daysAgo(0)],
    ].map(args => ({ args: [...args, ...config], says: /./ }))
    tries.push(...(manner === 'object' ? again.slice(0, 1) : again))
  }
  const inEnv = await startEcho(t, 'message', ['envKey', 'token', 'proxy'])
  const ini = writeIni(folder, { Endpoint: inEnv })
  const args = ['collect', '--config', ini]
  tries.push({ args, env: KEYS, says: /AccessDenied/ })
  const Endpoint = await startEcho(t, 'message', ['container', 'token'])
  const other = writeIni(folder, { Endpoint })
  tries.push({
    args: ['check', '--config', other],
    env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: `${Endpoint}/creds` },
    says: /AccessDenied/,
  })
  const broken = await startEcho(t, 'container')
  tries.push({
    args: ['collect', '--config', ini, '--state', `${ini}.other`],
    env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: `${broken}/creds` },
    says: /looking for|Credentials|listing/,
  })
  await runAll(t, folder, tries)
  const object = `${join(folder, 'ini-6')}`
  await runAll(t, folder, [
    { args: ['status', '--config', object], says: /AccessDenied/ },
    { args: ['status', '--json', '--config', object], says: /AccessDenied/ },
    { args: ['retry', KEY, '--config', object], says: /not quarantined/ },
  ])
})

t.test('secrets in a wrong place', async t => {
  const folder = t.testdir({
    '.aws': {
      credentials: `[x]\naws_secret_access_key=${SECRETS.container}\n`,
    },
  })
  const wrong = writeIni(
    folder,
    {
      Region: SECRETS.key,
      AccessKeyId: 'AKIDTEST',
      SecretAccessKey: SECRETS.key,
      LogType: SECRETS.password,
      Password: SECRETS.password,
      Endpoint: `https://joe:${SECRETS.torn}@s3.example`,
      MaxCycleSeconds: SECRETS.torn.padEnd(40, 'x'),
    },
    `SecretAcessKey=${SECRETS.torn}\n${SECRETS.torn}\n${SECRETS.torn}==\nSecretAccessKey=${SECRETS.torn}\nSecretAccessKey=${SECRETS.key}\n`,
  )
  const { stray } = SECRETS
  const ini = writeIni(folder, { Endpoint: 'http://127.0.0.1:9' })
  const env = { HOME: folder, AWS_PROFILE: 'nobody' }
  const commands = ['collect', 'status', 'init']
  await runAll(t, folder, [
    { args: ['collect', '--config', wrong], says: /Region/ },
    { args: ['check', '--json', '--config', wrong], says: /Region/ },
    { args: ['collect', '--config', ini], env, says: /./ },
    { args: ['check', '--config', ini], env, says: /./ },
    { args: [stray], says: /no command/ },
    { args: ['plan', '--every', stray, '--config', ini], says: /--every/ },
    { args: ['replay', '--day', stray, '--config', ini], says: /--day/ },
    ...commands.map(command => ({ args: [command, stray, stray], says: /./ })),
  ])
})
