// The topic layouts: the folders that are found, and the times of their listing.

/** The text of the topic. */
export const layouts = `  Leaves are folders that hold dated folders (YYYY/MM/DD/, year=/month=/day=/, with or without
  hours) or objects. They are found by listing, so organization trails, trail prefixes, Hive-style
  paths and every region work without being told.

Which folders count

  Below a folder AWSLogs the service folder must be a wanted one as a whole name: digests are not
  CloudTrail, and Insights events, network activity and aggregated events are collected only where
  CloudTrailFolders names their folders (\`check\` says which are there and not collected). A kind
  that is added later starts with the present window, like any new folder; one that is taken out
  and added again goes on where it was. A FilePath that itself points into such a folder is
  followed. With a blank FilePath only objects below an AWSLogs folder count.

  RegionFolders takes only the named region folders; ExclusionDirectories leaves out the folders
  whose name contains one of its texts; DepthToRecurse says how deep below FilePath the logs lie,
  where that is wanted. Inclusions and Exclusions choose by file name.

Dates

  All below a day's folder, such as logs/2026/11/22/, counts as that day's.

  Folders in a leaf that are no such dates (2026/12/5/, 2026/Nov/, or objects right in a year's or
  a month's folder) are leaves of their own; in AWS's own folders a year or month is not looked
  into any more once the window and LateArrivalDays are past it.

  Days that are named otherwise (dt=2026-11-22/, 20261122/, export-2026.11.22/, 2026/1/5/,
  year=2026/month=1/day=5/) are leaves, one for each. Where a later one of the same kind lies in
  the same place, such a leaf is listed once a day when its day has left the window, and no more
  once LateArrivalDays are past it: a bucket costs as many LISTs after years as after weeks. A
  single folder that has a date in its name may be filled for ever, and is listed in each cycle.

  In a folder without dates an object's day is that in its AWS file name, else that of its
  Last-Modified.

When they are listed

  Days are UTC days by S3's clock. NoOfBackDaysData says how many before today are collected at
  first; a day stays open until a listing of the whole of it, begun after its last day in the
  window, found nothing left to do: an outage or a backlog widens the window by itself.

  Between sweeps (SweepMinutes) only today's folder is listed, from the first object on that is
  not yet collected or younger than two hours; until 02:00 UTC yesterday's too. New accounts,
  regions and folders are looked for every DiscoveryMinutes. Once a day the LateArrivalDays days
  before the window are listed, spread over cycles: in a day that was once listed whole, an object
  is late if it was not collected, whatever its date; in other days, if it was modified after the
  first cycle. So history is never flooded in.
`
