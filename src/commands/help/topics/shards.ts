// The topic shards: several collectors on one bucket.

/** The text of the topic. */
export const shards = `  Shard=2/3 makes a collector the second of three that share a bucket. Each takes the folders that
  fall to it by a hash of their name, so each folder with logs is one collector's, whatever
  FilePath or depth led to it; one folder is never divided. All of them walk the bucket's folders,
  each lists and reads its own.

  Each needs a cursor of its own; a cursor that two shards use is warned of in each cycle. \`check\`
  names a shard's folders (\`shard 2/3: 5 of 14 with logs\`); with hardly more folders than shards
  some may have none. \`plan\`, \`status\`, the summary and the heartbeat name the shard.

In the environment

  LR_S3_INPUT_SHARD goes before Shard, so many collectors can share one ini. With a leading \`+\` it
  counts from 0, as the index of a Kubernetes pod does: +0/4 is 1/4, +3/4 is 4/4.
  \`init kubernetes --replicas N\` prints a StatefulSet of N pods, a shard and a volume for each.

To change their number

  Or to go from one to several:

  1. Let all run until \`plan\` shows no new objects, apart from those that have just arrived. Note
     the time 20 minutes ago, in UTC (more than SweepMinutes, so all older objects have been
     found), and stop all.
  2. Change the shard of every collector; a new one gets a cursor of its own.
  3. For every collector, with its ini, cursor and shard: \`skip --before 2026-11-23T05:10:00Z\`,
     the time you noted.
  4. Start all.

  Nothing is lost. Objects that came since the noted time to folders that have changed hands may
  come twice. A plain \`skip\` repeats none, but also skips those that came since the last cycles.
  Objects that had failed stay with the collector that knows them, which tries them again as
  before; its \`status\` names them. A collector that is given up should have none: \`retry --all\`
  and let it run, or \`replay\` the day.
`
