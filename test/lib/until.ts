// Waits for an event of this process, without a timer.

import { subscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'

/** Waits until a condition holds. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await setImmediate()
}

// Node publishes here each connection that a client of this process opens.
const CONNECTIONS = 'net.client.socket'
const sockets = new Set<Socket>()
subscribe(CONNECTIONS, message =>
  sockets.add((message as { socket: Socket }).socket),
)

const bytesRead = (): number => {
  let bytes = 0
  for (const socket of sockets) bytes += socket.bytesRead
  return bytes
}

/** Waits until a client of this process has read the first bytes of an answer. */
export async function untilAnswered(): Promise<void> {
  const before = bytesRead()
  await until(() => bytesRead() > before)
}
