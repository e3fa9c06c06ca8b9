// Secrets that were put into the wrong line of an ini: a profile or a bucket of
// that name is looked for, and named in what comes of it, unless it is known
// for what it is. AWS's secret keys are 40 characters of base64, its session
// tokens some hundreds. The trap: so may be the path of a folder.

const RUN = /(?<![\w/+])[A-Za-z\d/+]{40,}(?![\w/+])/g
const SECRET_LENGTH = 40
const MIN_TOKEN_LENGTH = 100
const FOLDERS = /AWSLogs|CloudTrail/i

/** Finds in the value of a setting what has the form of a secret key or a session token; in a path only all of it can be one. */
export function pastedSecrets(value: string, isPath: boolean): string[] {
  const runs = value.match(RUN) ?? []
  return runs.filter(
    run =>
      (run.length === SECRET_LENGTH || run.length >= MIN_TOKEN_LENGTH) &&
      /[A-Z]/.test(run) &&
      /[a-z]/.test(run) &&
      !FOLDERS.test(run) &&
      (!isPath || run === value.trim()),
  )
}
