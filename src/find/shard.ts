// Decides which of the collectors that share a bucket takes a leaf. The answer
// depends on the leaf's name alone and must never change: otherwise two
// versions of the program, side by side, would take a leaf twice or not at all.

import { hash } from 'node:crypto'
import type { Shard } from '../settings/setting-kinds.ts'
import { beforeDate } from './day-folders.ts'

/** The share of a collector that has the bucket to itself. */
export const WHOLE: Shard = { index: 1, of: 1 }

// A number holds 48 bits exactly.
const HEX_DIGITS = 12

/** Tells whether a shard takes a leaf: by the first 6 bytes of the SHA-256 of its prefix, big-endian, modulo the number of shards. */
export function isOwnLeaf(prefix: string, { index, of }: Shard): boolean {
  if (of === 1) return true
  // A day's folder goes with its leaf: FilePath may point right into it, and
  // collectors may differ on whether a year's folder is a leaf.
  const digits = hash('sha256', beforeDate(prefix), 'hex').slice(0, HEX_DIGITS)
  return Number.parseInt(digits, 16) % of === index - 1
}

/** Writes a shard as the setting does, `2/3`; '' if there is only one. */
export function shardText({ index, of }: Shard): string {
  return of === 1 ? '' : `${index}/${of}`
}
