import type { Queryable } from '../../store/database.js'
import { findAgentFiring, type AgentFiring } from '../../store/capabilities/find-firing.js'

const MOST = 5_000

/** What agents were asked, read once a capability: it does not change while that is good. */
export interface Firings {
  of(capability: string, session: string, firing: number): Promise<AgentFiring>
}

export function createFirings(db: Queryable): Firings {
  const known = new Map<string, AgentFiring>()
  return {
    async of(capability, session, firing) {
      const kept = known.get(capability)
      if (kept) return kept
      const found = (await findAgentFiring(db, session, firing)) ?? { correlation: '', model: '', prompt: '', writes: [] }
      if (known.size >= MOST) known.delete(known.keys().next().value!)
      known.set(capability, found)
      return found
    },
  }
}
