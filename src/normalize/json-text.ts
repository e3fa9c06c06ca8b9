// Turns single values into text for JSON. A value may be of any type: what
// comes out is valid JSON of the type that the field promises.

const decimal = /^-?\d+(?:\.\d+)?$/
const ZERO = 0x30
const SAFE_DIGITS = 15

/** Gives a value as text: strings as they are, everything else as compact JSON. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

/** Writes a number, or a text that is one, as a JSON number; as a JSON string where it is no safe integer; anything else is undefined. */
export function numberText(value: unknown): string | undefined {
  const isNumber =
    typeof value === 'string' ? decimal.test(value) : typeof value === 'number'
  if (!isNumber) return undefined
  const number = Number(value)
  return Number.isSafeInteger(number) ? String(number) : `"${value}"`
}

/** Tells whether UTF-8, from `from` to before `to`, is a whole number as JSON writes it, and small enough to be safe. */
export function isCount(bytes: Buffer, from: number, to: number): boolean {
  const length = to - from
  if (length === 0 || length > SAFE_DIGITS) return false
  for (let i = from; i < to; i++) {
    const digit = (bytes[i] as number) - ZERO
    if (digit < 0 || digit > 9) return false
  }
  return length === 1 || bytes[from] !== ZERO
}
