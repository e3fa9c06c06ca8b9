// The objects that a cursor keeps by full key, outside the sets of their days:
// those that failed, and those of which only a part is committed. They outlive
// the window.

/** An object whose reading failed; kept outside the sets, by full key. */
export interface FailedObject {
  key: string
  folder: string
  folderDay: string
  day: string
  size: number
  etag: string
  modified: number
  /** Records emitted and committed, of the object with this ETag. */
  records: number
  code: string
  message: string
  /** The last attempt was refused or reached nothing; the object may be good. */
  refused: boolean
  /** S3's time of the last attempt, in ms since 1970. */
  at: number
  /** How many tries count as attempts, and S3's time of the last that did, 0 = none. */
  attempts: number
  counted: number
  /** How many tries were not cut off by time. */
  tries: number
  /** The cycle that tries again. */
  due: number
  quarantined: boolean
}

/** An object of which the first records are committed. */
export interface PartialObject {
  key: string
  etag: string
  size: number
  records: number
}
