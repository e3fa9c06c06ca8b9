// Converts single values to text for JSON. A value may be of any type; the
// result is valid JSON of the type that the field promises.

const decimal = /^-?\d+(?:\.\d+)?$/
const ZERO = 0x30
const SAFE_DIGITS = 15

/** Gives a value as text: a string as it is, anything else as compact JSON. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

/** Writes a number, or a text that is one, as a JSON number, and an unsafe integer as a JSON string; undefined for anything else. */
export function numberText(value: unknown): string | undefined {
  const isNumber =
    typeof value === 'string' ? decimal.test(value) : typeof value === 'number'
  if (!isNumber) return undefined
  const number = Number(value)
  return Number.isSafeInteger(number) ? String(number) : `"${value}"`
}

/** Reads decimal digits, from `from` to before `to`, as a number; -1 if there are other bytes. */
export function readDigits(bytes: Buffer, from: number, to: number): number {
  let number = 0
  for (let i = 0; i < to - from; i++) {
    const digit = (bytes[from + i] as number) - ZERO
    if (digit < 0 || digit > 9) return -1
    number = number * 10 + digit
  }
  return number
}

/** Tells whether UTF-8, from `from` to before `to`, is a whole number as JSON writes it, within the safe integers. */
export function isCount(bytes: Buffer, from: number, to: number): boolean {
  const length = to - from
  if (length === 0 || length > SAFE_DIGITS) return false
  for (let i = 0; i < length; i++) {
    const digit = (bytes[from + i] as number) - ZERO
    if (digit < 0 || digit > 9) return false
  }
  return length === 1 || bytes[from] !== ZERO
}
