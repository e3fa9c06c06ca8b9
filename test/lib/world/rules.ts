// Rules of the program that worlds hold it to, one by one: a rule that is off
// is not yet kept, and why stands beside it.

export const RULES = {
  /** What a host held when it died comes again. */
  hosts: true,
}
