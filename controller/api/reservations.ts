import type { Queryable } from '../store/database.js'
import { listHolders } from '../store/tokens/holders.js'

/** Token id -> number of the firing that holds it, as the rows of running effects say. */
export async function reservations(db: Queryable, session: string): Promise<{ readonly holders: ReadonlyMap<number, number> }> {
  const holders = new Map<number, number>()
  for (const row of await listHolders(db, session)) for (const id of heldIds(row.hold)) holders.set(id, row.firing)
  return { holders }
}

/** The tokens that an effect's `hold` reserves: bound, by input, where nothing was copied (a read token is copied). */
export function heldIds(hold: unknown): number[] {
  if (typeof hold !== 'object' || hold === null || !('bound' in hold) || !Array.isArray(hold.bound)) return []
  const copies: unknown[] = 'copies' in hold && Array.isArray(hold.copies) ? hold.copies : []
  return (hold.bound as unknown[]).flatMap((bound, input) => {
    if (copies[input] !== null && copies[input] !== undefined) return []
    return (Array.isArray(bound) ? bound : [bound]).filter((id): id is number => typeof id === 'number')
  })
}
