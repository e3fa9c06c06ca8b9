// Finds secrets in the wrong line of an ini: as the name of a profile or a bucket
// one would be repeated in error messages. AWS's secret keys are 40 characters of
// base64, its session tokens some hundreds. The trap: a folder's path may look the
// same, and a secret taken for a path is also shown in parts, as the folders
// between its slashes.

const RUN = /(?<![\w/+])[A-Za-z\d/+]{40,}(?![\w/+])/g
const SECRET_LENGTH = 40
const MIN_TOKEN_LENGTH = 100
// Shorter parts may be names of other folders.
const MIN_PART_LENGTH = 12
const FOLDERS = /AWSLogs|CloudTrail/i

/** Finds texts in the form of a secret key or a session token in the value of a setting or an option; a path counts only as a whole, and then its parts are found too. */
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
