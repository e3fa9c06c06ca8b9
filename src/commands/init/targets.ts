// What `init` can print beside the ini.

/** Names them. */
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
