import type { Database } from '../database.js'
import type { Partition } from './partition.js'

/**
 * Gives a month its partition. False when the default partition holds segments of that month already: the log is
 * append-only, so they stay where they are, and the month with them.
 */
export async function addPartition(db: Database, { name, from, to }: Partition): Promise<boolean> {
  const [begin, end] = [from.toISOString(), to.toISOString()]
  return db.transaction(async (tx) => {
    await tx.query(`set local lock_timeout = '2s'`)
    await tx.query(`select pg_advisory_xact_lock(hashtext('runtime.segments'))`)
    const [there] = await tx.query<{ taken: boolean, exists: boolean }>(
      `select exists (select from runtime.segments_default where at >= $1 and at < $2) as taken, to_regclass('runtime.' || $3) is not null as exists`,
      [begin, end, name])
    if (there?.exists) return true
    if (there?.taken) return false
    // Made beside the log and then attached: that stops no writer, `partition of` would.
    await tx.query(`create table runtime.${name} (like runtime.segments including defaults including constraints)`)
    await tx.query(`alter table runtime.segments attach partition runtime.${name} for values from ('${begin}') to ('${end}')`)
    await tx.query(`create trigger segments_no_truncate before truncate on runtime.${name}
      for each statement execute function runtime.refuse_change()`)
    return true
  })
}
