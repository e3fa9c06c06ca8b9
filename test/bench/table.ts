// The results as a table for people: aligned text, or Markdown for the README.

import type { Result } from './result.ts'

const HEAD = [
  'cycle',
  'records/s',
  'records/CPU s',
  'MB/s',
  'wall s',
  'CPU s',
  'x floor',
  'peak MiB',
  'LIST',
  'GET',
]

/** Says what the columns mean. */
export const legend = `MB/s: plain bytes of the source by wall time. CPU: user and system time of the
program's process from start to end, Node's own start-up included. x floor: that
by the CPU of a process that does nothing but gunzip, JSON.parse and
JSON.stringify of each of the same records (flow logs: gunzip, split and
JSON.stringify of the fields), start-up included too, in the same round. peak:
resident set. Medians.`

/** Sets the results in columns. */
export function textTable(results: readonly Result[]): string {
  const rows = [HEAD, ...results.map(cells)]
  const widths = HEAD.map((_, column) =>
    Math.max(...rows.map(row => (row[column] ?? '').length)),
  )
  return rows
    .map(row =>
      row
        .map((cell, column) =>
          column === 0
            ? cell.padEnd(widths[column] ?? 0)
            : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    )
    .join('\n')
}

/** Sets the results in a Markdown table. */
export function markdownTable(results: readonly Result[]): string {
  const rule = `|---|${'---:|'.repeat(HEAD.length - 1)}`
  return [line(HEAD), rule, ...results.map(cells).map(line)].join('\n')
}

function line(row: readonly string[]): string {
  return `| ${row.join(' | ')} |`
}

function cells(result: Result): string[] {
  const rate = (figure: number) =>
    result.records === 0 ? '' : rounded(figure).toLocaleString('en-US')
  return [
    result.title,
    rate(result.recordsPerSecond),
    rate(result.recordsPerCpuSecond),
    result.records === 0 ? '' : result.megabytesPerSecond.toFixed(1),
    result.wall.toFixed(2),
    result.cpu.toFixed(2),
    result.ratio?.toFixed(2) ?? '',
    result.peakMiB.toFixed(0),
    String(result.lists),
    String(result.gets),
  ]
}

// Three digits: the machine is not steadier than that.
function rounded(figure: number): number {
  return Number(figure.toPrecision(3))
}
