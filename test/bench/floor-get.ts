// The second floor, a process of its own: gets the same objects with signed
// requests of bare node:http, several at a time, and does to each what the first
// floor does. Arguments: log type, file of keys, endpoint.

import { createHash, createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { FloorWork } from './floor-work.ts'

const CONNECTIONS = 16
const DAY_SCOPE = 'us-east-1/s3/aws4_request'
const NO_BODY = createHash('sha256').digest('hex')

const [logType = '', path = '', endpoint = ''] = process.argv.slice(2)
const { hostname, port, host } = new URL(endpoint)
const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
const keys = readFileSync(path, 'utf8').split('\n').filter(Boolean)
const work = new FloorWork(logType)

const hmac = (key: string | Buffer, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest()

let signingKey: Buffer | undefined

function signed(url: string): Record<string, string> {
  const stamp = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const scope = `${stamp.slice(0, 8)}/${DAY_SCOPE}`
  signingKey ??= scope
    .split('/')
    .reduce<Buffer | string>(hmac, 'AWS4a bench secret') as Buffer
  const headers = {
    host,
    'x-amz-content-sha256': NO_BODY,
    'x-amz-date': stamp,
  }
  const names = Object.keys(headers).join(';')
  const lines = Object.entries(headers).map(([name, text]) => `${name}:${text}`)
  const request = ['GET', url, '', ...lines, '', names, NO_BODY].join('\n')
  const digest = createHash('sha256').update(request).digest('hex')
  const text = ['AWS4-HMAC-SHA256', stamp, scope, digest].join('\n')
  const signature = hmac(signingKey, text).toString('hex')
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 Credential=AKIDBENCH/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  }
}

function next(): void {
  const key = keys.pop()
  if (key === undefined) return
  const url = `/bench/${key}`
  get({ agent, hostname, port, path: url, headers: signed(url) }, response => {
    if (response.statusCode !== 200) throw new Error(`${url}: no object`)
    const chunks: Buffer[] = []
    response.on('data', (chunk: Buffer) => chunks.push(chunk))
    response.on('end', () => {
      work.take(Buffer.concat(chunks))
      next()
    })
  })
}

for (let i = 0; i < CONNECTIONS; i++) next()
process.once('beforeExit', () => process.stdout.write(work.told()))
