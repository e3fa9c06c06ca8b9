// Waits for an event of this process, without a timer.

import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { setImmediate } from 'node:timers/promises'

/** Waits until a condition holds. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await setImmediate()
}

// Node publishes here each answer whose head a client has read.
const ANSWERS = 'http.client.response.finish'

/** Waits until a client of this process has read the head of an answer, and the bytes that came with it. */
export async function untilAnswered(): Promise<void> {
  let isAnswered = false
  const onAnswer = (): void => void (isAnswered = true)
  subscribe(ANSWERS, onAnswer)
  await until(() => isAnswered)
  unsubscribe(ANSWERS, onAnswer)
}
