// Loaded with --require before the program that is measured: writes what the
// process used, once it ends, to the file named in the environment.

import { writeFileSync } from 'node:fs'

process.once('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  writeFileSync(
    process.env['BENCH_USAGE'] ?? '',
    JSON.stringify({
      user: userCPUTime / 1e6,
      system: systemCPUTime / 1e6,
      wall: process.uptime(),
      peakMiB: maxRSS / 1024,
    }),
  )
})
