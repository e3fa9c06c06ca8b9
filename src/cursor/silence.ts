// What is known of whether the settings match anything at all: a run that
// collects nothing because of them must not look like a quiet account.

/** Holds what was found out under some settings; texts are '' where something matches, or it is not known yet. */
export interface Silence {
  /** The settings that this is known of, as text. */
  settings: string
  /** Why no folder with logs is in scope. */
  noFolders: string
  /** Why no object that was found passes Inclusions and Exclusions. */
  noObjects: string
  /** An object passed them. */
  passed: boolean
  /** S3's time when folders were last looked for in vain, in ms since 1970; 0 = never. */
  at: number
}

/** Makes what is known of settings under which no cycle has run. */
export const nothingKnown = (settings: string): Silence => ({
  settings,
  noFolders: '',
  noObjects: '',
  passed: false,
  at: 0,
})

/** Gives what is known of these settings. */
export function silenceOf(known: Silence, settings: string): Silence {
  return known.settings === settings ? known : nothingKnown(settings)
}

/** Says why nothing matches, '' where something does or it is not known. */
export const silenceReason = ({ noFolders, noObjects }: Silence): string =>
  noFolders || noObjects
