// The objects that a cursor keeps by full key, outside the sets of their days:
// those that failed, those of which only a part is committed, and those that a
// host may still hold in its memory. They outlive the window.

/** How much of an object, as its ETag names it, is emitted and committed. */
export interface Steps {
  records: number
  /** So many of its plain bytes hold these; 0 = not known, so all are decoded again. */
  bytes: number
  /** What the last record stands in, by the decoder's names. */
  form: string
  /** Where the header of a flow log that is in force there begins, -1 without one. */
  header: number
}

/** The steps of an object that was never read. */
export const NO_STEPS: Steps = { records: 0, bytes: 0, form: '', header: -1 }

/** Gives the steps alone of what is kept of an object. */
export function stepsOf({ records, bytes, form, header }: Steps): Steps {
  return { records, bytes, form, header }
}

/** An object whose reading failed; kept outside the sets, by full key. */
export interface FailedObject extends Steps {
  key: string
  folder: string
  folderDay: string
  day: string
  size: number
  etag: string
  modified: number
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

/** An object that was begun and is neither committed nor failed. */
export interface PartialObject extends Steps {
  key: string
  etag: string
  size: number
  /** The cycle in which time last cut it; 0 = none, a kill left it. */
  cut: number
  /** How much of the time for output its next turn gets, in quarters. */
  share: number
}

/** A step that a host has taken; `at` is the running number of its last record. */
export interface TakenStep extends Steps {
  at: number
}

/** An object of which a host may still hold records. */
export interface TakenObject {
  key: string
  etag: string
  /** Its bytes as it was read, and as it was listed. */
  size: number
  listed: number
  folder: string
  folderDay: string
  day: string
  modified: number
  /** Time of its newest event, '' while there is more of it to come. */
  newest: string
  /** All of it was taken: it joins its day's set when its last step is safe. */
  whole: boolean
  committed: Steps
  /** The steps after that, oldest first. */
  steps: TakenStep[]
}
