// The real file system with somebody in between, who sees every call, also of
// the files it opens, and may fail it, cut it short, or let the process die.

import * as nodeFs from 'node:fs/promises'

/** Stands between a call (such as `rename` or `handle.write`) and the file system: `run` makes it, with other arguments if some are given. */
export type Between = (
  name: string,
  run: (...args: unknown[]) => Promise<unknown>,
  args: unknown[],
) => Promise<unknown>

/** Wraps node:fs/promises. */
export function wrappedFs(between: Between): typeof nodeFs {
  return wrap(nodeFs, '', between)
}

/** Wraps node:fs/promises so that calls of some names fail with these codes. */
export function failingFs(codes: Record<string, string>): typeof nodeFs {
  return wrappedFs(async (name, run) => {
    const code = codes[name]
    if (code === undefined) return run()
    throw Object.assign(new Error(`${code}: made to fail, ${name}`), { code })
  })
}

function wrap<T extends object>(
  target: T,
  prefix: string,
  between: Between,
): T {
  return new Proxy(target, {
    get(_, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function' || typeof name !== 'string') return value
      return async (...args: unknown[]) => {
        const result = await between(
          `${prefix}${name}`,
          (...other) =>
            Reflect.apply(value, target, other.length > 0 ? other : args),
          args,
        )
        return name === 'open'
          ? wrap(result as nodeFs.FileHandle, 'handle.', between)
          : result
      }
    },
  })
}

/** Gives node:fs/promises on a machine where a path is a mount of its own. */
export const mountsOf = (point: string) =>
  wrappedFs(async (name, run, args) =>
    name === 'readFile' && args[0] === '/proc/self/mountinfo'
      ? `21 1 0:3 / / rw - ext4 /dev/a rw\n22 21 0:3 /c ${point} rw - ext4 /dev/a rw\n`
      : run(),
  )
