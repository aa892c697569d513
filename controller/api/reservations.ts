import type { Queryable } from '../store/database.js'
import { listHolders } from '../store/tokens/holders.js'
import { gather } from './gather.js'

/** Token id -> number of the firing that holds it, as the rows of running effects say. */
export type Reservations = (session: string) => Promise<ReadonlyMap<number, number>>

const MOST = 1_000

/** Asks the database each time; those who ask about a session while another is asked for are answered together. */
export function createReservations(db: Queryable): Reservations {
  return gather(MOST, async (sessions: readonly string[]) => {
    const read = new Map<string, Promise<ReadonlyMap<number, number>>>()
    for (const session of sessions) if (!read.has(session)) read.set(session, reservations(db, session))
    return Promise.all(sessions.map((session) => read.get(session)!))
  })
}

/** One reading of a session's reservations, inside a transaction too. */
export async function reservations(db: Queryable, session: string): Promise<ReadonlyMap<number, number>> {
  return new Map((await listHolders(db, session)).map(({ token, firing }) => [token, firing]))
}
