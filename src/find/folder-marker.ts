// The empty objects `name/` that consoles make to show a folder.

/** Tells whether an object stands for a folder only and is no log. */
export function isFolderMarker(object: { key: string; size: number }): boolean {
  return object.size === 0 && object.key.endsWith('/')
}
