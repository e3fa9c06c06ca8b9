// The member of a CloudTrail object that holds its records.

// As AWS writes it.
const USUAL = Buffer.from('"Records":')
const NAME = /^\s*("[^"]*")\s*:\s*$/

/** Tells whether a member's name is Records, however it is escaped; takes its name, its colon and the white space around them. */
export function isRecords(nameAndColon: Buffer | undefined): boolean {
  if (nameAndColon?.equals(USUAL)) return true
  const name = NAME.exec(nameAndColon?.toString() ?? '')?.[1]
  try {
    return name !== undefined && JSON.parse(name) === 'Records'
  } catch {
    return false
  }
}
