import type { Queryable } from '../../store/database.js'
import { findAgentFirings, type AgentFiring } from '../../store/capabilities/find-firing.js'
import { gather } from '../gather.js'

const MOST = 5_000
const AT_ONCE = 200

/** What agents were asked, read once a capability: it does not change while that is good. */
export interface Firings {
  of(capability: string, session: string, firing: number): Promise<AgentFiring>
}

export function createFirings(db: Queryable): Firings {
  const known = new Map<string, AgentFiring>()
  const find = gather(AT_ONCE, async (refs: readonly { session: string; firing: number }[]) => {
    const rows = new Map((await findAgentFirings(db, refs)).map((row) => [`${row.session} ${row.firing}`, row]))
    return refs.map(({ session, firing }) => rows.get(`${session} ${firing}`) ?? { session, firing, correlation: '', model: '', prompt: '', writes: [] })
  })
  return {
    async of(capability, session, firing) {
      const kept = known.get(capability)
      if (kept) return kept
      const found = await find({ session, firing })
      if (known.size >= MOST) known.delete(known.keys().next().value!)
      known.set(capability, found)
      return found
    },
  }
}
