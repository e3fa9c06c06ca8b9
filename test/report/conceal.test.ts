import t from 'tap'
import {
  conceal,
  concealed,
  concealEnvironment,
  concealedJson,
} from '../../src/report/conceal.ts'

const SECRETS = [
  'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  'p@ss;w#rd:%1',
  'a test secret',
  'é"\\ü\u2028x😀yz',
  '$^.*+?()[]{}|/-',
  'tab\tand\nline "q"',
]

t.test('a secret is hidden in every form that a text may give it', async t => {
  conceal(...SECRETS, undefined)
  for (const secret of SECRETS) {
    const json = JSON.stringify(secret).slice(1, -1)
    const url = encodeURIComponent(secret)
    const forms = [
      secret,
      json,
      json.replaceAll('/', '\\/'),
      json.replace(
        /[^A-Za-z0-9 \\]/g,
        unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
      ),
      url,
      url.replace(/%../g, digits => digits.toLowerCase()),
      url.replace(/[!'()*~._-]/g, c => `%${c.charCodeAt(0).toString(16)}`),
      new URLSearchParams({ '': secret }).toString().slice(1),
    ]
    for (const form of forms) {
      if (form.includes('\\\\u')) continue
      t.equal(concealed(`<${form}>`), '<***>')
      t.equal(concealed(form.repeat(2)), '******')
    }
    for (const before of ['', 'u:', 'us:', 'use:', 'CORP\\user:'])
      for (const encoding of ['base64', 'base64url'] as const) {
        const bytes = Buffer.from(`${before}${secret}`)
        for (const text of [bytes.toString(encoding)])
          for (const form of [text, encodeURIComponent(text)]) {
            const rest = concealed(form)
            t.match(rest, /\*\*\*/)
            const plain = Buffer.from(
              decodeURIComponent(rest.replace('***', '')),
              'base64',
            )
            t.ok(plain.length <= before.length + 2, `${form}: ${rest}`)
          }
      }
  }
})

t.test('text without a secret stays as it is', async t => {
  const text = 'reading s3://logs/AWSLogs/1/x.json.gz: AccessDenied; wJalrXUt'
  t.equal(concealed(text), text)
  conceal('testing', 'x')
  t.equal(concealed('a testing text'), 'a testing text')
})

t.test('of two secrets that hold one another none is left', async t => {
  conceal('inner-secret', 'the inner-secret of it')
  t.equal(concealed('the inner-secret of it, inner-secret'), '***, ***')
})

t.test('a signature is hidden', async t => {
  const text = `Credential=AKID/20260102/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=${'0a'.repeat(32)}`
  t.equal(concealed(text), text.replace(/[0a]{64}/, '***'))
})

t.test('secrets of the environment are concealed', async t => {
  concealEnvironment({
    AWS_SECRET_ACCESS_KEY: 'key-in-env',
    AWS_SESSION_TOKEN: 'token-in-env',
    https_proxy: 'http://joe:p%40ss%3Aword@proxy:3128',
    HOME: '/home/joe:home@x',
    EMPTY: '',
  })
  const basic = Buffer.from('joe:p@ss:word').toString('base64')
  for (const text of [
    'key-in-env',
    'token-in-env',
    'p%40ss%3Aword',
    'p@ss:word',
    `Basic ${basic}`,
  ])
    t.match(concealed(text), /^(Basic )?\*\*\*\w?=*$/)
  t.equal(concealed('/home/joe'), '/home/joe')
})

t.test('in JSON the texts are hidden, the names are not', async t => {
  conceal('messages')
  const json = concealedJson({ messages: 'no messages', list: ['messages', 1] })
  t.equal(json, '{"messages":"no ***","list":["***",1]}')
})
