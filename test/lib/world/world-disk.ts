// The disk of a world: a real folder that can be full, can be kept as it is at
// an instant, as a kill leaves it, and put back.

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The files of a disk at an instant, by their path in it. */
export type DiskImage = Map<string, Buffer>

type Write = (...args: unknown[]) => Promise<unknown>

/** Is called before each write of the disk, and may throw what the system would. */
let onWrite: () => void = () => {}
let isWatched = false

// A disk that forgets is enough, and ten times as fast.
const MEMORY = '/dev/shm'

export class WorldDisk {
  readonly folder: string

  private constructor(folder: string) {
    this.folder = folder
  }

  static async make(): Promise<WorldDisk> {
    const root = existsSync(MEMORY) ? MEMORY : tmpdir()
    const folder = mkdtempSync(join(root, 'world-'))
    await watchWrites(join(folder, 'first'))
    return new WorldDisk(folder)
  }

  get cursorPath(): string {
    return join(this.folder, 'cursor')
  }

  /** Has a function called before each write; it may throw. */
  set onWrite(call: () => void) {
    onWrite = call
  }

  /** Reads the disk as it is. */
  image(): DiskImage {
    const files = readdirSync(this.folder, {
      recursive: true,
      withFileTypes: true,
    }).filter(entry => entry.isFile())
    return new Map(
      files.map(({ parentPath, name }) => {
        const path = join(parentPath, name)
        return [path, readFileSync(path)]
      }),
    )
  }

  /** Puts the disk back as it was. */
  restore(image: DiskImage): void {
    for (const name of readdirSync(this.folder))
      rmSync(join(this.folder, name), { recursive: true })
    for (const [path, bytes] of image) {
      mkdirSync(join(path, '..'), { recursive: true })
      writeFileSync(path, bytes)
    }
  }

  remove(): void {
    onWrite = () => {}
    rmSync(this.folder, { recursive: true })
  }
}

/** Makes the error of a disk without room. */
export function noRoom(): Error {
  return Object.assign(new Error('ENOSPC: no space left on device, write'), {
    code: 'ENOSPC',
  })
}

// All handles share their methods, whoever opened them.
async function watchWrites(path: string): Promise<void> {
  if (isWatched) return
  isWatched = true
  const handle = await open(path, 'w')
  const methods = Object.getPrototypeOf(handle) as { write: Write }
  const { write } = methods
  methods.write = async function (this: FileHandle, ...args) {
    onWrite()
    return Reflect.apply(write, this, args)
  }
  await handle.close()
  rmSync(path)
}
