import type { Database } from '../database.js'

/** Drops a partition whole and keeps, for each session in it, the hash that its chain goes on from. */
export async function dropPartition(db: Database, name: string): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query(`set local lock_timeout = '2s'`)
    await tx.query(
      `insert into runtime.segments_dropped (session, partition, last, hash)
       select distinct on (session) session, $1, last, hash from runtime.${name} order by session, last desc
       on conflict (session, partition) do nothing`, [name])
    await tx.query(`drop table runtime.${name}`)
  })
}
