// However a server answers, and however clients read or give up, no request gets
// bytes of another's answer, no body lacks bytes and is called complete, and
// every request comes to an end.

import fc from 'fast-check'
import type { Duplex } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import type { Answer } from '../../../src/s3/http/connection.ts'
import { requestSender, type Sender } from '../../../src/s3/http/send.ts'
import { emptyEnv, SETTINGS } from '../../lib/s3/access-settings.ts'
import { startSockets } from '../../lib/s3/socket-server.ts'
import { answerWith } from './ask.ts'

const RUNS = Number(process.env['RUNS'] ?? 150)

interface Plan {
  form: 'length' | 'chunks' | 'until close' | 'none'
  size: number
  /** What goes wrong with it. */
  fault: '' | 'cut' | 'behind' | 'later' | 'silent'
  isLast: boolean
  /** Where it is cut into pieces. */
  pieces: number
  /** When its reader begins, in turns of the event loop. */
  readAfter: number
  pauses: boolean
  endsAt: '' | 'sent' | 'answer' | 'piece' | 'end'
}

const plans: fc.Arbitrary<Plan> = fc.record({
  form: fc.constantFrom('length', 'length', 'chunks', 'until close', 'none'),
  size: fc.oneof(fc.nat(50), fc.constantFrom(70_000, 300_000)),
  fault: fc.oneof(
    { weight: 3, arbitrary: fc.constant('' as const) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('cut', 'behind', 'later', 'silent'),
    },
  ),
  isLast: fc.nat(4).map(n => n === 0),
  pieces: fc.integer({ min: 1, max: 4 }),
  readAfter: fc.constantFrom(0, 0, 1, 5),
  pauses: fc.boolean(),
  endsAt: fc.constantFrom('', '', '', 'sent', 'answer', 'piece', 'end'),
})

/** The body for a path, which is that of no other. */
const bodyOf = (path: string, size: number): string =>
  path.repeat(Math.ceil(size / path.length)).slice(0, size)

function textOf(path: string, { form, size, isLast }: Plan): string {
  const more = isLast ? ['Connection: close'] : []
  const body = bodyOf(path, size)
  const headers = more.map(line => `${line}\r\n`).join('')
  const start = `HTTP/1.1 100 On\r\n\r\nHTTP/1.1 200 OK\r\n${headers}`
  if (form === 'length') return answerWith(body, ...more)
  if (form === 'none') return `HTTP/1.1 204 None\r\n${headers}\r\n`
  if (form === 'until close') return `${start}\r\n${body}`
  const chunks = body.match(/.{1,1000}/gs) ?? []
  return `${start}Transfer-Encoding: chunked\r\n\r\n${chunks.map(chunk => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('')}0\r\n\r\n`
}

async function answer(socket: Duplex, path: string, plan: Plan): Promise<void> {
  const { form, fault, isLast, pieces } = plan
  if (fault === 'silent') return
  const whole = textOf(path, plan) + (fault === 'behind' ? 'X' : '')
  const isCut = fault === 'cut'
  const text = isCut ? whole.slice(0, whole.length >> 1) : whole
  const length = Math.ceil(text.length / pieces)
  for (let at = 0; at < text.length; at += length) {
    socket.write(text.slice(at, at + length))
    await turn()
  }
  if (fault === 'later') socket.write('X')
  if (isCut || form === 'until close' || isLast) socket.end()
}

/** Asks by a plan; gives how it ended: complete, failed, or ended by the client. */
function ask(send: Sender, path: string, plan: Plan): Promise<string> {
  const { readAfter, pauses, endsAt, fault, size, form } = plan
  return new Promise((resolve, reject) => {
    let text = ''
    let isEnded = false
    const end = (): void => {
      isEnded = true
      sent.destroy()
    }
    const onEnd = (error?: Error): void => {
      if (endsAt === 'end') end()
      if (error) return resolve(isEnded ? 'ended' : `failed: ${error.message}`)
      const body = bodyOf(path, form === 'none' ? 0 : size)
      // A body without an end of its own may be cut, or longer.
      const isOpen = form === 'until close' && fault !== ''
      if (text === body) resolve('complete')
      else if (isOpen && `${body}X`.startsWith(text)) resolve('failed: cut')
      else reject(new Error(`${path} got ${text.length} bytes: ${text}`))
    }
    const read = ({ body }: Answer): void =>
      body.read(piece => {
        text += piece.toString('latin1')
        if (endsAt === 'piece') end()
        if (!pauses) return
        body.pause()
        setImmediate(() => body.resume())
      }, onEnd)
    const sent = send(path, '', {
      onAnswer: answered => {
        if (endsAt === 'answer') end()
        if (readAfter === 0) return read(answered)
        void (async () => {
          for (let turns = 0; turns < readAfter; turns++) await turn()
          read(answered)
        })()
      },
      onError: onEnd,
    })
    if (endsAt === 'sent' || fault === 'silent') setImmediate(end)
  })
}

t.test('no request gets the answer of another', async t => {
  emptyEnv(t)
  let planned: readonly Plan[] = []
  const server = await startSockets(t, (socket, request) => {
    const path = request.split(' ')[1] ?? ''
    const plan = planned[Number(path.slice(1, -1))]
    if (plan) void answer(socket, path, plan)
  })
  const url = new URL(`http://127.0.0.1:${server.port}`)
  let [complete, failed] = [0, 0]
  await fc.assert(
    fc.asyncProperty(
      fc.array(plans, { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 3 }),
      async (drawn, beside) => {
        planned = drawn
        // Bytes that come later than all answers are not this run's.
        const send = await requestSender(url, SETTINGS, 5000)
        const queue = [...drawn.entries()]
        const work = async (): Promise<void> => {
          for (;;) {
            const [at, plan] = queue.shift() ?? []
            if (at === undefined || plan === undefined) return
            const ended = await ask(send, `/${at}.`, plan)
            if (ended === 'complete') complete++
            else failed++
            if (
              ended.startsWith('failed') &&
              drawn.every(({ fault }) => fault === '')
            )
              throw new Error(`/${at}. ${ended}`)
          }
        }
        await Promise.all(Array.from({ length: beside }, work))
        for (const socket of server.sockets.splice(0)) socket.destroy()
      },
    ),
    { numRuns: RUNS },
  )
  t.comment(`${complete} complete, ${failed} not`)
  t.ok(complete > 100)
})
