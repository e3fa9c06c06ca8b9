// A host that reads so many bytes a second and no more; says, as `wc -lc`
// does, how many lines and bytes came. Argument: bytes a second.

import { setTimeout as sleep } from 'node:timers/promises'

const LF = 10

async function read(speed: number): Promise<string> {
  const began = performance.now()
  let lines = 0
  let bytes = 0
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    bytes += chunk.length
    for (let at = -1; (at = chunk.indexOf(LF, at + 1)) !== -1;) lines++
    const ahead = (bytes / speed) * 1000 - (performance.now() - began)
    if (ahead > 0) await sleep(ahead)
  }
  return `${lines} ${bytes}`
}

void read(Number(process.argv[2])).then(said => process.stdout.write(said))
