// A million flow logs in Parquet, in the 29 columns of version 5: rows that are
// made once, and whose pages are then repeated.

import { writeParquet, type MadeColumn } from '../lib/parquet/write-parquet.ts'
import type { Random } from './random.ts'

/** Columns of rows, and the same as lines of text behind their header. */
export interface WideRows {
  columns: readonly MadeColumn[]
  text: string
  rows: number
}

const one = (text: string) => () => text

/** Makes rows of the minute that ends at `end`. */
export function wideRows(random: Random, end: number, rows: number): WideRows {
  const seconds = Math.floor(end / 1000) - 60
  const among = (count: number, make: () => string): (() => string) => {
    const all = Array.from({ length: count }, make)
    return () => random.pick(all)
  }
  const below =
    (count: number, from = 0) =>
    () =>
      from + random.below(count)
  const addresses = among(
    5000,
    () => `10.${random.below(4)}.${random.below(256)}.${random.below(256)}`,
  )
  const hex = (head: string) => () => `${head}-${random.text(17)}`
  const kinds: [string, MadeColumn['type'], () => string | number][] = [
    ['version', 'int32', () => 5],
    ['account_id', 'text', one('111122223333')],
    ['interface_id', 'text', among(40, hex('eni'))],
    ['srcaddr', 'text', addresses],
    ['dstaddr', 'text', addresses],
    ['srcport', 'int32', below(64_512, 1024)],
    ['dstport', 'int32', () => random.pick([443, 80, 22, 53])],
    ['protocol', 'int32', () => random.pick([6, 17])],
    ['packets', 'int64', below(200, 1)],
    ['bytes', 'int64', below(200_000, 40)],
    ['start', 'int64', below(20, seconds)],
    ['end', 'int64', below(40, seconds + 20)],
    ['action', 'text', () => random.pick(['ACCEPT', 'REJECT'])],
    ['log_status', 'text', one('OK')],
    ['vpc_id', 'text', among(1, hex('vpc'))],
    ['subnet_id', 'text', among(8, hex('subnet'))],
    ['instance_id', 'text', among(40, hex('i'))],
    ['tcp_flags', 'int32', () => random.pick([2, 3, 18, 19, 0])],
    ['type', 'text', one('IPv4')],
    ['pkt_srcaddr', 'text', addresses],
    ['pkt_dstaddr', 'text', addresses],
    ['region', 'text', one('us-east-1')],
    ['az_id', 'text', () => random.pick(['use1-az1', 'use1-az2'])],
    ['sublocation_type', 'text', one('-')],
    ['sublocation_id', 'text', one('-')],
    ['pkt_src_aws_service', 'text', () => random.pick(['-', 'S3'])],
    ['pkt_dst_aws_service', 'text', () => random.pick(['-', 'EC2'])],
    ['flow_direction', 'text', () => random.pick(['ingress', 'egress'])],
    ['traffic_path', 'int32', () => random.pick([1, 8])],
  ]
  const columns = kinds.map(([name, type, value]): MadeColumn => {
    const values = Array.from({ length: rows }, value)
    return { name, type, values, hasDictionary: true }
  })
  const header = columns.map(({ name }) => name.replaceAll('_', '-'))
  const lines = Array.from({ length: rows }, (_, row) =>
    columns.map(({ values }) => values[row]).join(' '),
  )
  const text = `${[header.join(' '), ...lines].join('\n')}\n`
  return { columns, text, rows }
}

/** Writes rows so often, in so many row groups, as AWS does: in pages of gzip. */
export function parquetOf(
  { columns }: WideRows,
  times: number,
  groups: number,
): Buffer {
  const pages = Math.max(1, Math.round(times / groups))
  return writeParquet(columns, { codec: 'gzip', copies: { pages, groups } })
}
