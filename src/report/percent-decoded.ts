// User names and passwords in URLs, which people seldom encode as they must be.

/** Decodes a percent-encoded text; one that is none stays as it is. */
export function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
