// Stands for fast-check in the whole suite, so that every run of it draws the
// same events: a red run is of the change it tests. SEED draws others.

import fc from 'fast-check'

fc.configureGlobal({ seed: Number(process.env['SEED'] ?? 1) })

export default fc
