// The kinds of bytes in a flow log: what parts fields or lines, and then what
// fields hold besides ordinary bytes. A byte may be of several.

import { BACKSLASH, QUOTE } from './json-bytes.ts'

export const TAB = 0x09
export const LF = 0x0a
export const CR = 0x0d
export const SPACE = 0x20

export const ORDINARY = 0
export const SPACE_BYTE = 1
export const TAB_BYTE = 2
export const END_OF_LINE = 4
export const RAW_BYTE = 8 // must be escaped in JSON
export const WIDE_BYTE = 16 // is no ASCII
export const CONTROL_BYTE = 32
export const KINDS = new Uint8Array(256)
  .fill(RAW_BYTE | CONTROL_BYTE, 0, SPACE)
  .fill(WIDE_BYTE, 0x80)
KINDS[QUOTE] = KINDS[BACKSLASH] = RAW_BYTE
KINDS[LF] = KINDS[CR] = END_OF_LINE
KINDS[SPACE] = SPACE_BYTE
KINDS[TAB] = TAB_BYTE
