// Session tokens are gone, wherever AWS may put them, and nothing else is.

import fc from 'fast-check'
import t from 'tap'
import { gzipSync } from 'node:zlib'
import { CloudTrailDecoder } from '../../src/decode/cloudtrail-decoder.ts'
import { JsonReader } from '../../src/decode/read-json.ts'
import { redactTokens } from '../../src/decode/redact-tokens.ts'
import { wantedRecord } from '../../src/decode/wanted.ts'
import { daysAgo, startCollector, trailKey } from '../lib/hosts/collector.ts'
import {
  cloudTrailFixtures,
  fixtureEvents,
} from '../normalize/fixture-records.ts'
import { cutBytes } from './cut-bytes.ts'
import { decodeChunks } from './decode-chunks.ts'

const SECRET = 'FwoGZXIvYXdzE+8/secret=='

const redact = (text: string, isJson = true): string => {
  const padded = Buffer.from(`x${text}x`)
  const end = padded.length - 1
  return redactTokens(padded, 1, end, isJson)?.toString() ?? text
}

/** Does the same to the value that a record stands for. */
function oracle(value: unknown, names: string[] = []): unknown {
  if (Array.isArray(value)) return value.map(one => oracle(one, names))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, of]) => {
      const isToken =
        /^sessiontoken$/i.test(name) &&
        /^(responseElements|serviceEventDetails)$/.test(names[0] ?? '') &&
        of !== null
      return [name, isToken ? 'REDACTED' : oracle(of, [...names, name])]
    }),
  )
}

const answer = (token: string) => `{ "eventName" : "AssumeRole",
  "requestParameters":{"credentials":{"sessionToken":"kept"},"roleSessionName":"\\"sessionToken\\":\\"kept\\""},
  "responseElements": {"credentials":{"accessKeyId":"ASIAEXAMPLE", "sessionToken" : ${token} ,"expiration":"Jul 10, 2023"},
  "assumedRoleUser":{"arn":"sessionToken"}}, "sessionToken":"kept"}`

t.test('an answer of AssumeRole keeps all but the token, byte for byte', t => {
  for (const token of [`"${SECRET}"`, '""', '1e5', 'true', '{"a":["}"]}', '[]'])
    t.equal(redact(answer(token)), answer('"REDACTED"'), token)
  t.equal(redact(answer('null')), answer('null'), 'there is none')
  t.end()
})

t.test('however it is written', t => {
  for (const [text, redacted] of [
    [
      `{"responseElements":{"credentials":{"session\\u0054oken":"${SECRET}"}}}`,
      '{"responseElements":{"credentials":{"session\\u0054oken":"REDACTED"}}}',
    ],
    [
      `{"r\\u0065sponseElements":{"\\u0063redentials":{"sessionToken":"${SECRET}\\"x"}}}`,
      '{"r\\u0065sponseElements":{"\\u0063redentials":{"sessionToken":"REDACTED"}}}',
    ],
    [
      `{"responseElements":{"credentials":{"sessionToken":"${SECRET}","sessionToken":"${SECRET}"},"credentials":{"sessionToken":"${SECRET}"}}}`,
      '{"responseElements":{"credentials":{"sessionToken":"REDACTED","sessionToken":"REDACTED"},"credentials":{"sessionToken":"REDACTED"}}}',
    ],
    [
      `{"responseElements":{"a":[{"credentials":[{"sessionToken":"${SECRET}"}]}]}}`,
      '{"responseElements":{"a":[{"credentials":[{"sessionToken":"REDACTED"}]}]}}',
    ],
    [
      `{"responseElements":{"Credentials":{"SessionToken":"${SECRET}"},"SESSIONTOKEN":"${SECRET}"}}`,
      '{"responseElements":{"Credentials":{"SessionToken":"REDACTED"},"SESSIONTOKEN":"REDACTED"}}',
    ],
    [
      `{"responseElements":{"roleCredentials":{"sessionToken":"${SECRET}"}}}`,
      '{"responseElements":{"roleCredentials":{"sessionToken":"REDACTED"}}}',
    ],
    [
      `{"serviceEventDetails":{"x":[{"sessiontoken":"${SECRET}"}]}}`,
      '{"serviceEventDetails":{"x":[{"sessiontoken":"REDACTED"}]}}',
    ],
  ] as const)
    t.equal(redact(text), redacted)
  for (const text of [
    '{}',
    '{"responseElements":null}',
    '{"responseElements":{"credentials":{"accessKeyId":"sessionToken"}}}',
    '{"responseElements":{"credentials":"x","sessionTokens":"kept"}}',
    '{"responseElements":{"sessionToken":null},"a\\u0062":1}',
    '{"x":{"serviceEventDetails":{"sessionToken":"kept"}}}',
    '{"x":{"responseElements":{"credentials":{"sessionToken":"kept"}}}}',
    '{"credentials":{"sessionToken":"kept"}}',
    '["responseElements",{"credentials":{"sessionToken":"kept"}}]',
  ])
    t.equal(redact(text), text)
  t.end()
})

t.test('of what is no JSON all that follows the name is gone', t => {
  for (const text of [
    `{"responseElements" {"credentials":{"sessionToken" : "${SECRET}","x":1}}}`,
    `{"a":"odd"quote","sessionToken":"${SECRET}"}`,
    `"{\\"sessionToken\\":\\"${SECRET}\\"}"`,
    `{"session\\u0054oken":"${SECRET}","x":tru}`,
    `{"\\u0053ession\\u0074oKE\\u006E" : "${SECRET}","x":tru}`,
  ]) {
    const redacted = redact(text, false)
    t.notMatch(redacted, 'secret')
    t.match(redacted, 'REDACTED')
  }
  t.equal(redact('{"sessionTokens":1}', false), '{"sessionTokens":1}')
  t.end()
})

const name = fc.constantFrom(
  'responseElements',
  'SessionToken',
  'credentials',
  'sessionToken',
  'a',
  '"sessionToken":',
)
const { value } = fc.letrec(tie => ({
  value: fc.oneof(
    { maxDepth: 6 },
    fc.constantFrom(SECRET, null, 1, true, '', '\\"', '{"sessionToken":"x"}'),
    fc.array(tie('value'), { maxLength: 2 }),
    fc.dictionary(name, tie('value'), { maxKeys: 4 }),
  ),
}))
const record = fc.record({
  responseElements: fc.oneof(
    value,
    fc.record({ credentials: fc.dictionary(name, value, { minKeys: 1 }) }),
  ),
  serviceEventDetails: value,
  requestParameters: value,
})

t.test('any record means the same, but for its tokens', async () => {
  const written = fc.tuple(record, fc.integer({ min: 0, max: 1 }), fc.boolean())
  fc.assert(
    fc.property(written, ([source, indent, escaped]) => {
      let text = JSON.stringify(source, null, indent)
      if (escaped) text = text.replaceAll('"sessionT', '"session\\u0054')
      const expected = JSON.stringify(oracle(JSON.parse(text)))
      const is = JSON.stringify(JSON.parse(redact(text)))
      if (is !== expected) throw new Error(`${is} is not ${expected}`)
    }),
    { numRuns: 2000 },
  )
})

t.test('a decoder gives the record and its values without the token', t => {
  const path = 'responseElements.name'
  const decode = (redacts: boolean, ...chunks: Buffer[]) =>
    decodeChunks(
      new CloudTrailDecoder(new JsonReader(wantedRecord([path])), redacts),
      chunks,
      values => values.get(1),
    )
  const element = `{"responseElements":{"name":{"credentials":{"sessionToken":"${SECRET}"}}}}`
  const bytes = Buffer.from(
    `{"Records":[${element},{"a":1},${element}, {"sessionToken":"${SECRET}"x}]}`,
  )
  for (const chunks of [[bytes], cutBytes(bytes, [40, 200])]) {
    const { records, texts, end } = decode(true, ...chunks)
    t.equal(end, 'whole')
    t.equal(records.length, 4)
    t.notMatch(JSON.stringify(records), 'secret')
    t.strictSame(records[2]?.value, {
      credentials: { sessionToken: 'REDACTED' },
    })
    t.equal(texts[2], element.replace(SECRET, 'REDACTED'))
    t.equal(texts[1], '{"a":1}')
    t.match(decode(false, ...chunks).texts[2], SECRET)
  }
  t.end()
})

t.test('every published sample means the same, but for its tokens', t => {
  for (const path of cloudTrailFixtures())
    for (const event of fixtureEvents(path)) {
      const text = JSON.stringify(event)
      t.equal(redact(text), text, 'none has a token')
      const { responseElements } = event
      const credentials = { accessKeyId: 'ASIAEXAMPLE', sessionToken: SECRET }
      const answer = JSON.stringify({
        ...event,
        responseElements: { ...(responseElements as object), credentials },
      })
      t.strictSame(JSON.parse(redact(answer)), oracle(JSON.parse(answer)))
      t.notMatch(redact(answer), SECRET)
    }
  t.end()
})

t.test('no line shows a token, or a part of one', async t => {
  const { s3, run, runHere, configure } = await startCollector(t)
  const token = SECRET.repeat(400)
  const credentials = { accessKeyId: 'ASIAEXAMPLE', sessionToken: token }
  const event = {
    eventName: 'AssumeRole',
    responseElements: { credentials, name: { credentials } },
    requestParameters: { policy: 'p'.repeat(3000) },
  }
  const body = gzipSync(JSON.stringify({ Records: [event, event] }))
  s3.put(trailKey(daysAgo(0), 'a'), body)
  configure({ RedactSessionTokens: 'true', MaxRecordBytes: 4096 })
  const { stdout } = await runHere()
  const lines = stdout.trim().split('\n')
  t.equal(lines.length, 2)
  t.notMatch(stdout, 'FwoGZX')
  const record = JSON.parse(lines[0] ?? '') as { [name: string]: string }
  t.strictSame(JSON.parse(record['original_message'] ?? ''), oracle(event))
  t.equal(record['account'], 'ASIAEXAMPLE')
  t.match(record['object'], 'REDACTED')
  const replay = await run(['replay', '--day', daysAgo(0)])
  t.equal(replay.stdout, stdout)
  configure({ MaxRecordBytes: 65_536 })
  t.match((await run(['replay', '--day', daysAgo(0)])).stdout, token)
})
