import type { Queryable } from '../database.js'

/** Gives back what calls had set aside whose lease is over. Says how many. */
export async function freeReservations(db: Queryable): Promise<number> {
  const [row] = await db.query<{ freed: number }>('select runtime.free_reservations() as freed', [], 'budgets-free')
  return row!.freed
}
