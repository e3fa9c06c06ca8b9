// The cursor in words. It is only read, without a lock and without S3, so it
// may be asked for at any time, also while a cycle is at work.

import { stat } from 'node:fs/promises'
import { Cursor } from '../cursor/cursor.ts'
import { cursorStatus } from './cursor-status.ts'
import type { Outcome } from './report-error.ts'
import { statusText } from './status-text.ts'
import {
  loadAndWarn,
  type CommandContext,
  type CommandOptions,
} from './with-cursor.ts'

/** Tells what the cursor holds; `print` takes the answer for stdout. Throws SettingsError, CursorError and what `print` throws. */
export async function status(
  options: CommandOptions & { json: boolean },
  context: CommandContext,
  print: (text: string) => Promise<void>,
): Promise<Outcome> {
  const { settings, cursorPath: path } = loadAndWarn(options, context)
  const cursor = await Cursor.open({
    path,
    bucket: settings.BucketName,
    logType: settings.LogType,
    readOnly: true,
  })
  const { state } = cursor
  await cursor.close()
  const now = context.clock.now() + state.cycle.clockOffset
  const answer = cursorStatus(state, now)
  const file = await stat(path).catch(() => undefined)
  if (options.json) await print(`${JSON.stringify(answer)}\n`)
  else if (file === undefined)
    await print(`There is no cursor yet: ${path} comes with the first cycle.\n`)
  else {
    const { size: bytes } = file
    const place = { bucket: settings.BucketName, path, bytes, now }
    await print(statusText(answer, place))
  }
  return 'done'
}
