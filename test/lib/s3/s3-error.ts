// A refusal as S3 words it: HTTP status, code, message and the extra elements
// that some codes carry (Region, Endpoint, ActualObjectSize).

/** Says why the stand-in refuses a request; becomes S3's XML error document. */
export class S3Error extends Error {
  readonly status: number
  readonly code: string
  readonly details: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    code: string,
    message: string,
    details: Record<string, string> = {},
    headers: Record<string, string> = {},
  ) {
    super(message)
    this.name = 'S3Error'
    this.status = status
    this.code = code
    this.details = details
    this.headers = headers
  }
}
