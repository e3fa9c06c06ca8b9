// The objects that a cursor keeps by full key, outside the sets of their days:
// failed ones, partly committed ones, and those that a host may still hold in
// its memory. They outlive the window.

/** The part of an object, in the version of its ETag, that is printed and committed. */
export interface Steps {
  records: number
  /** The plain bytes that hold these records; 0 = unknown, so the object is decoded from its start. */
  bytes: number
  /** The form around the last record, by the decoder's names. */
  form: string
  /** The offset of the flow log header that applies there, -1 without one. */
  header: number
}

/** The steps of an object that was never read. */
export const NO_STEPS: Steps = { records: 0, bytes: 0, form: '', header: -1 }

/** Gives only the steps of a kept object. */
export function stepsOf({ records, bytes, form, header }: Steps): Steps {
  return { records, bytes, form, header }
}

/** The failure of the last attempt to read an object. */
export interface Failure {
  code: string
  message: string
  /** It was refused or reached no server; the object may be good. */
  refused: boolean
  /** S3's time of it, in ms since 1970. */
  at: number
}

/** An object whose reading failed, kept outside the sets, by full key. */
export interface FailedObject extends Steps, Failure {
  key: string
  folder: string
  folderDay: string
  day: string
  size: number
  etag: string
  modified: number
  /** The number of tries that count as attempts, and S3's time of the last that did, 0 = none. */
  attempts: number
  counted: number
  /** The number of tries that time did not cut off. */
  tries: number
  /** The cycle of the next try. */
  due: number
  quarantined: boolean
}

/** The last cut of an object by time, and the share of its next turn. */
export interface CutState {
  /** The cycle in which time last cut it; 0 = a kill interrupted it. */
  cut: number
  /** The share of the output time for its next turn, in quarters. */
  share: number
}

/** An object that was begun and is neither committed nor failed. */
export interface PartialObject extends Steps, CutState {
  key: string
  etag: string
  size: number
}

/** A step that a host has taken; `at` is the running number of its last record. */
export interface TakenStep extends Steps {
  at: number
}

/** An object of which a host may still hold records. */
export interface TakenObject {
  key: string
  etag: string
  /** Its size as read, and as listed. */
  size: number
  listed: number
  folder: string
  folderDay: string
  day: string
  modified: number
  /** The time of its newest event, '' while parts of it are still to come. */
  newest: string
  /** All of it was taken: it joins its day's set when its last step is safe. */
  whole: boolean
  committed: Steps
  /** The steps after that, oldest first. */
  steps: TakenStep[]
}
