import type { Forge } from '../forge/forge.js'
import type { Database } from '../store/database.js'
import { sessionHeads } from '../store/sessions/heads.js'

/** Seals the heads that moved since the last round of this process into the net repository (ref refs/audit/log). */
export function openAuditor(db: Database, forge: Forge): () => Promise<void> {
  const sealed = new Map<string, string>()
  return async () => {
    const moved = (await sessionHeads(db)).filter((one) => sealed.get(one.session) !== one.head)
    await forge.audit.seal(moved)
    for (const { session, head } of moved) sealed.set(session, head)
  }
}
