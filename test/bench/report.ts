// The bench's results for people, as aligned text or Markdown for the README,
// and for programs, as JSON.

import type { Result } from './result.ts'

const HEAD = [
  'cycle',
  'records/s',
  'records/CPU s',
  'MB/s',
  'wall s',
  'CPU s',
  '× floor',
  '× with GETs',
  'peak MiB',
  'LIST',
  'GET',
]

/** All that a bench came to. */
export interface Bench {
  node: string
  processor: string
  cores: number
  runs: number
  seed: number
  scale: number
  rows: readonly Result[]
}

/** Writes the results down. */
export function report(
  bench: Bench,
  form: 'text' | 'markdown' | 'json',
): string {
  if (form === 'json') return JSON.stringify(bench, null, 1)
  const table = form === 'text' ? textTable : markdownTable
  return [
    table([HEAD, ...bench.rows.map(cells)]),
    legend,
    ...bench.rows.flatMap(row => differences(row, bench.rows)),
    `Node ${bench.node}, ${bench.cores} cores (${bench.processor}), ` +
      `median of ${bench.runs}, seed ${bench.seed}` +
      (bench.scale === 1 ? '.' : `, at ${bench.scale} of the size.`),
  ].join('\n\n')
}

const legend =
  'Each row is one cycle, and what it printed was counted. CPU: user and ' +
  "system time of the whole process, Node's own start included. × floor: that " +
  'by the CPU of a process, run in the same round, that does nothing but ' +
  'gunzip, JSON.parse and JSON.stringify of each of the same records (flow ' +
  'logs: gunzip, split and JSON.stringify of the fields), start included. ' +
  '× with GETs: by that of one that first gets the same objects, with signed ' +
  'requests of bare node:http. ' +
  'MB/s: plain bytes of the source by wall time, half a second of which is ' +
  'the wait before the last line.'

function textTable(rows: readonly string[][]): string {
  const widths = HEAD.map((_, column) =>
    Math.max(...rows.map(row => row[column]?.length ?? 0)),
  )
  const aligned = (cell: string, column: number): string =>
    column === 0
      ? cell.padEnd(widths[column] ?? 0)
      : cell.padStart(widths[column] ?? 0)
  return rows.map(row => row.map(aligned).join('  ')).join('\n')
}

function markdownTable([head = [], ...rows]: readonly string[][]): string {
  const rule = `|---|${'---:|'.repeat(head.length - 1)}`
  return [line(head), rule, ...rows.map(line)].join('\n')
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
    result.getRatio?.toFixed(2) ?? '',
    result.peakMiB.toFixed(0),
    String(result.lists),
    String(result.gets),
  ]
}

// Three digits: the machine is not steadier than that.
function rounded(figure: number): number {
  return Number(figure.toPrecision(3))
}

function differences(row: Result, rows: readonly Result[]): string[] {
  const other = rows.find(
    ({ name, program }) => name === row.beside && program === row.program,
  )
  if (!other) return []
  return [
    `${row.title}: ${row.cursorBytes?.toFixed(2)} bytes each on disk; ` +
      `${signed(row.wall - other.wall, 2)} s wall, ` +
      `${signed(row.cpu - other.cpu, 2)} s CPU, ` +
      `${signed(row.peakMiB - other.peakMiB, 0)} MiB.`,
  ]
}

function signed(figure: number, digits: number): string {
  return (figure < 0 ? '' : '+') + figure.toFixed(digits)
}
