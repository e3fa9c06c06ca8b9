// Secrets that were put into the wrong line of an ini: a profile or a bucket of
// that name is looked for, and named in what comes of it, unless it is known
// for what it is. AWS's secret keys are 40 characters of base64, its session
// tokens some hundreds. The trap: so may be the path of a folder; and as a path
// a secret is also shown by the folders that its slashes make of it.

const RUN = /(?<![\w/+])[A-Za-z\d/+]{40,}(?![\w/+])/g
const SECRET_LENGTH = 40
const MIN_TOKEN_LENGTH = 100
// What is shorter may be the name of another folder.
const MIN_PART_LENGTH = 12
const FOLDERS = /AWSLogs|CloudTrail/i

/** Finds in the value of a setting, or of an option, what has the form of a secret key or a session token; in a path only all of it can be one, and then its parts are found too. */
export function pastedSecrets(value: string, isPath: boolean): string[] {
  const runs = value.match(RUN) ?? []
  // Base64 may be padded.
  const whole = value.trim().replace(/=+$/, '')
  const found = runs.filter(
    run =>
      (run.length === SECRET_LENGTH || run.length >= MIN_TOKEN_LENGTH) &&
      /[A-Z]/.test(run) &&
      /[a-z]/.test(run) &&
      !FOLDERS.test(run) &&
      (!isPath || run === whole),
  )
  return isPath ? found.flatMap(run => [run, ...partsOf(run)]) : found
}

const partsOf = (run: string): string[] =>
  run.split('/').filter(part => part !== run && part.length >= MIN_PART_LENGTH)
