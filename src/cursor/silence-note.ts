// The cursor's note on whether the settings match anything: a run that collects
// nothing because of them must not look like a quiet account.

/** The findings under some settings; a text is '' if something matches, or nothing is known yet. */
export interface Silence {
  /** The settings that the findings belong to, as text. */
  settings: string
  /** The reason why no folder with logs is in scope. */
  noFolders: string
  /** The reason why no found object passes Inclusions and Exclusions. */
  noObjects: string
  /** An object passed them. */
  passed: boolean
  /** S3's time when folders were last searched without success, in ms since 1970; 0 = never. */
  at: number
}

/** Makes the findings under settings of which nothing is known. */
export const nothingKnown = (settings: string): Silence => ({
  settings,
  noFolders: '',
  noObjects: '',
  passed: false,
  at: 0,
})

/** Gives the findings under these settings. */
export function silenceOf(known: Silence, settings: string): Silence {
  return known.settings === settings ? known : nothingKnown(settings)
}

/** Gives the reason why nothing matches, '' if something does or nothing is known. */
export const silenceReason = ({ noFolders, noObjects }: Silence): string =>
  noFolders || noObjects
