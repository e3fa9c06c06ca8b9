// A report whose lines go nowhere, for tests in which nobody reads them.

import { Report } from '../../src/report/report.ts'

export const silentReport = (): Report =>
  new Report({ write: () => {}, now: () => 0, isTerminal: false, quiet: true })
