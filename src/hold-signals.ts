// Holds the signals by which hosts stop us from the first moment of our own
// code on, before anything else is loaded: the program is evaluated for most of
// a third of a second, and until somebody listens a signal ends the process at
// once, as if it had failed. Node tells of them only after the evaluation, when
// main.ts listens too.

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
  process.on(signal, () => {})
