// What is measured: buckets, and the rows of the table measured on each.

import type { BucketSpec } from './bucket-objects.ts'

/** One row of the table: one cycle of the program. */
export interface Row {
  name: string
  title: string
  settings?: Readonly<Record<string, string | number>>
  /** Too little is read for a comparison with the floor. */
  floor?: false
  /** All was collected by a cycle before, so nothing is to come. */
  idle?: boolean
  /** The cursor holds so many more committed objects, spread over the days of the window. */
  committed?: number
  /** The row that differs from this one in nothing else. */
  beside?: string
  /** Bytes a second that the host reads. */
  hostSpeed?: number
}

/** A bucket and the rows that are measured on it. */
export interface Group {
  bucket: BucketSpec
  rows: readonly Row[]
}

const withoutOriginal = { OriginalMessage: 'false' }
const MILLION = 1_000_000

/** Lists the rows in the order of the table; `scale` shrinks what they are measured on. */
export function groupsOf(scale: number): Group[] {
  const scaled = (count: number) => Math.max(1, Math.round(count * scale))
  const trail = { logType: 'CloudTrail', leaves: 4 } as const
  const wide = { logType: 'VPCFlowLogs', leaves: 1, isWide: true } as const
  return [
    {
      bucket: { ...trail, objects: scaled(50), records: 1000 },
      rows: [
        { name: 'cloudtrail', title: 'CloudTrail, 50 objects of 1,000' },
        {
          name: 'cloudtrail-fields',
          title: 'the same, OriginalMessage=false',
          settings: withoutOriginal,
        },
      ],
    },
    {
      bucket: { ...trail, objects: scaled(5000), records: 10 },
      rows: [{ name: 'small', title: 'CloudTrail, 5,000 objects of 10' }],
    },
    {
      bucket: { ...trail, objects: scaled(10_000), records: 1 },
      rows: [{ name: 'single', title: 'CloudTrail, 10,000 objects of one' }],
    },
    {
      bucket: {
        ...trail,
        objects: 1,
        records: scaled(131_200),
        plain: true,
      },
      rows: [
        { name: 'large', title: 'CloudTrail, one plain object of 150 MB' },
      ],
    },
    {
      bucket: {
        logType: 'VPCFlowLogs',
        leaves: 4,
        objects: scaled(50),
        records: 20_000,
      },
      rows: [
        { name: 'flow', title: 'Flow logs, 50 objects of 20,000 lines' },
        {
          name: 'flow-fields',
          title: 'the same, OriginalMessage=false',
          settings: withoutOriginal,
        },
      ],
    },
    {
      bucket: { ...wide, objects: scaled(50), records: 20_000 },
      rows: [{ name: 'flow-wide', title: 'Flow logs of 29 columns, the same' }],
    },
    {
      bucket: {
        ...wide,
        objects: 1,
        records: scaled(MILLION),
        parquetGroups: 1,
      },
      rows: [
        {
          name: 'parquet',
          title: 'in Parquet, a million rows in one row group',
        },
      ],
    },
    {
      bucket: {
        ...wide,
        objects: 1,
        records: scaled(MILLION),
        parquetGroups: 10,
      },
      rows: [
        {
          name: 'parquet-10',
          title: 'in Parquet, a million rows in ten',
        },
      ],
    },
    {
      bucket: { ...trail, leaves: 1, objects: scaled(3000), records: 1 },
      rows: [
        {
          name: 'idle-1',
          title: 'idle cycle, 1 leaf, 3,000 objects',
          idle: true,
        },
      ],
    },
    {
      bucket: {
        ...trail,
        leaves: scaled(20),
        objects: scaled(400),
        records: 10,
      },
      rows: [
        { name: 'idle-20', title: 'idle cycle, 20 leaves', idle: true },
        {
          name: 'idle-20-million',
          title: 'idle cycle with a million objects in the cursor',
          idle: true,
          committed: scaled(MILLION),
          beside: 'idle-20',
        },
        {
          name: 'first-20',
          title: 'first cycle, 20 leaves, 400 objects',
          floor: false,
        },
        {
          name: 'first-20-million',
          floor: false,
          title: 'first cycle with a million objects in the cursor',
          committed: scaled(MILLION),
          beside: 'first-20',
        },
      ],
    },
    {
      bucket: {
        ...trail,
        leaves: scaled(850),
        objects: scaled(1700),
        records: 1,
      },
      rows: [{ name: 'idle-850', title: 'idle cycle, 850 leaves', idle: true }],
    },
    {
      bucket: {
        ...trail,
        leaves: scaled(20),
        objects: scaled(40_000),
        records: 1,
      },
      rows: [
        {
          name: 'sweep-20',
          title: 'idle sweep, 20 leaves of 2,000 objects',
          settings: { SweepMinutes: 0 },
          idle: true,
        },
      ],
    },
    {
      bucket: { ...trail, objects: scaled(10), records: 500 },
      rows: [
        {
          name: 'slow-host',
          floor: false,
          title: 'CloudTrail, a host that reads 1 MB/s',
          hostSpeed: 1_000_000,
        },
      ],
    },
  ]
}
