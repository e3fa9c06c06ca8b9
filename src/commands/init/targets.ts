// The documents that `init` can print beside the ini.

/** Lists the names of these documents. */
export const initTargets = [
  'fluent-bit',
  'fluent-bit-yaml',
  'vector',
  'systemd',
  'cron',
  'kubernetes',
  'policy',
] as const

export type InitTarget = (typeof initTargets)[number]
