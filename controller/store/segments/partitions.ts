import type { Log } from '../../log.js'
import { metrics } from '../../metrics.js'
import type { Database } from '../database.js'
import { addPartition } from './add-partition.js'
import { dropPartition } from './drop-partition.js'
import { holdersOfPartition, type Holder } from './holders-of-partition.js'
import { listPartitions } from './list-partitions.js'
import { partitionNamed, partitionOf } from './partition.js'

/** Months that have their partition before they begin: so long may no controller run. */
const AHEAD = 3

export interface Upkeep {
  readonly added: readonly string[]
  readonly dropped: readonly string[]
  /** past months that something still needs */
  readonly held: readonly { readonly partition: string, readonly by: readonly Holder[] }[]
}

/** Makes the partitions of the months to come and drops those that nobody needs. Run at start, and once a day. */
export async function keepPartitions(db: Database, log?: Log): Promise<Upkeep> {
  const { names, now } = await listPartitions(db)
  const added: string[] = []
  for (let later = 0; later <= AHEAD; later++) {
    const partition = partitionOf(now, later)
    if (!names.includes(partition.name) && await addPartition(db, partition)) added.push(partition.name)
  }
  const dropped: string[] = []
  const held: Upkeep['held'][number][] = []
  for (const name of names) {
    const partition = partitionNamed(name)
    if (partition === undefined || partition.to > now) continue
    const by = await holdersOfPartition(db, name, partition.to)
    if (by.length > 0) {
      held.push({ partition: name, by })
      log?.info({ partition: name, sessions: by }, 'partition is kept')
      continue
    }
    await dropPartition(db, name)
    dropped.push(name)
    metrics.partitionsDropped.inc()
    log?.info({ partition: name }, 'partition is dropped')
  }
  return { added, dropped, held }
}
